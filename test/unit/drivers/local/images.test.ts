/** Images by their first bytes, their digests, and where they come from. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { kindOf } from '../../../../drivers/local/image-kind.ts'
import { type ImageAsk, imageSource } from '../../../../drivers/local/image-source.ts'
import { isoImage } from '../../../../drivers/local/iso9660.ts'
import { imageFolder } from '../../../../drivers/local/places.ts'
import { digestIn, readDigest } from '../../../../drivers/local/sums.ts'

const dir = mkdtempSync(join(tmpdir(), 'machine-images-'))
afterAll(() => rmSync(dir, { recursive: true }))

function head(at: number, text: string): Buffer {
  const bytes = Buffer.alloc(0x8010)
  bytes.write(text, at, 'latin1')
  return bytes
}

test.each([
  [head(0, 'QFI\xfb\0\0\0\x03'), 'qcow2'],
  [head(0, 'KDMV\x03'), 'vmdk'],
  [head(0, '# Disk DescriptorFile\nversion=1'), 'vmdk'],
  [head(0x40, '\x7f\x10\xda\xbe'), 'vdi'],
  [head(0, 'conectix'), 'vhd'],
  [head(0, 'vhdxfile'), 'vhdx'],
  [head(257, 'ustar\x0000'), 'ova'],
  [head(510, '\x55\xaa'), 'raw'],
  [head(0, '\xfd7zXZ\0'), 'xz'],
  [head(0, '\x1f\x8b\x08'), 'gzip'],
  [isoImage('x', []), 'iso'],
  [head(0, 'hello'), undefined],
  [Buffer.alloc(3), undefined],
])('%# is %s', (bytes, kind) => expect(kindOf(bytes)).toBe(kind))

describe('SHA256SUMS', () => {
  const [a, b] = ['a'.repeat(64), 'B'.repeat(64)]
  const sums = `${a} *noble-server-cloudimg-amd64.img\n${b}  ./x y.vmdk\nnot a line\n`
  test('names with and without a star', () => {
    expect(digestIn(sums, 'noble-server-cloudimg-amd64.img')).toBe(a)
    expect(digestIn(sums, 'x y.vmdk')).toBe(b.toLowerCase())
    expect(digestIn(sums, 'server-cloudimg-amd64.img')).toBeUndefined()
  })
  test('a digest that was typed', () => {
    expect(readDigest(`sha256:${b}`)).toBe(b.toLowerCase())
    expect(readDigest('abc')).toBeUndefined()
  })
})

describe('sources', () => {
  const ask = (more: Partial<ImageAsk>): ImageAsk => ({
    image: undefined,
    digest: undefined,
    driver: 'virtualbox',
    arch: 'x64',
    ending: cpu => (cpu === 'x64' ? 'vmdk' : 'img'),
    ...more,
  })
  const of = (more: Partial<ImageAsk>) =>
    imageSource(ask(more), { env: { HOME: dir }, signal: new AbortController().signal })
  const put = (name: string, bytes: Buffer) => {
    writeFileSync(join(dir, name), bytes)
    return join(dir, name)
  }

  test('without one it is Ubuntu for the CPU, and it needs a digest', async () => {
    expect(await of({})).toMatchObject({ url: expect.stringMatching(/-amd64\.vmdk$/), needsDigest: true })
    expect(await of({ arch: 'arm64' })).toMatchObject({ url: expect.stringMatching(/-arm64\.img$/) })
    await expect(of({ arch: 'riscv64' })).rejects.toThrow('no default image for the CPU of this computer (riscv64)')
  })
  test('a file, also below ~; another file under the same name has another key', async () => {
    put('a.img', head(0, 'QFI\xfb'))
    const first = await of({ image: '~/a.img' })
    expect(first).toMatchObject({
      file: join(dir, 'a.img'),
      kind: 'qcow2',
      key: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    put('a.img', Buffer.concat([head(0, 'QFI\xfb'), Buffer.alloc(1)]))
    expect(await of({ image: '~/a.img' })).not.toEqual(first)
  })
  test('a URL, with a digest', async () => {
    expect(await of({ image: 'https://example.com/x.qcow2', digest: 'A'.repeat(64) })).toEqual({
      url: 'https://example.com/x.qcow2',
      digest: 'a'.repeat(64),
      needsDigest: false,
      flag: '--virtualbox-image',
    })
  })
  test('a file, with a digest: it is compared', async () => {
    const image = put('c.img', Buffer.from('QFI\xfb', 'latin1'))
    const digest = createHash('sha256').update('QFI\xfb', 'latin1').digest('hex')
    expect(await of({ image, digest })).toMatchObject({ file: image })
    await expect(of({ image, digest: 'a'.repeat(64) })).rejects.toMatchObject({
      code: 'IMAGE',
      message: `${image} has the SHA-256 ${digest}, and it should be ${'a'.repeat(64)}`,
    })
  })
  test.each([
    [{ image: '/nonexistent/x.vmdk' }, '--virtualbox-image /nonexistent/x.vmdk is no file'],
    [{ image: 'ftp://example.com/x' }, '--virtualbox-image "ftp://example.com/x" is no URL that can be fetched'],
    [{ image: 'https://example.com/x', digest: 'abc' }, '--virtualbox-image-sha256 "abc" is no SHA-256'],
    [{ image: put('b.iso', isoImage('x', [])) }, `--virtualbox-image ${join(dir, 'b.iso')} is a CD`],
    [{ image: put('b.xz', head(0, '\xfd7zXZ\0')) }, `--virtualbox-image ${join(dir, 'b.xz')} is compressed`],
    [{ image: put('b.txt', Buffer.from('hello')) }, `--virtualbox-image ${join(dir, 'b.txt')} is no disk image`],
  ])('%# is refused: %s', async (more, text) => {
    await expect(of(more)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(text) })
  })
})

test('where images lie: the person’s own data', () => {
  expect(imageFolder({ HOME: '/home/a' }, 'linux')).toBe('/home/a/.local/share/machine/images')
  expect(imageFolder({ HOME: '/home/a', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/machine/images')
  expect(imageFolder({ HOME: '/Users/a' }, 'darwin')).toBe('/Users/a/Library/Application Support/machine/images')
})
