/** Images that QEMU itself wrote, read back byte by byte. */
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { extractDisk } from '../../../../drivers/local/ova.ts'
import { openQcow2 } from '../../../../drivers/local/qcow2.ts'
import { which } from '../../../kit/which.ts'

const dir = mkdtempSync(join(tmpdir(), 'machine-qcow2-'))
afterAll(() => rmSync(dir, { recursive: true }))
const qemu = (...args: string[]) => execFileSync(which('qemu-img') ?? 'qemu-img', args, { stdio: 'pipe' })

/** Noise, text and holes; its size is no multiple of a cluster. */
const raw = Buffer.alloc(5 * 1024 ** 2 + 512)
randomBytes(300_000).copy(raw, 100_000)
raw.fill('machine ', 2 * 1024 ** 2, 3 * 1024 ** 2 + 77)
raw.write('end', raw.length - 3)
const source = join(dir, 'disk.raw')
writeFileSync(source, raw)
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test.each([
  ['plain', []],
  ['of version 2', ['-o', 'compat=0.10']],
  ['compressed', ['-c']],
  ['compressed, as cloud images are', ['-c', '-o', 'compat=0.10']],
  ['with small clusters', ['-c', '-o', 'cluster_size=4k']],
  ['with large clusters', ['-o', 'cluster_size=2M']],
  ['with all laid out before', ['-o', 'preallocation=full']],
])('%s', async (_, options) => {
  const file = join(dir, 'disk.qcow2')
  qemu('convert', '-O', 'qcow2', ...options, source, file)
  await using disk = await openQcow2(file)
  expect(disk.sizeBytes).toBe(raw.length)
  const chunks: Buffer[] = []
  for await (const chunk of disk.read()) chunks.push(Buffer.from(chunk))
  expect(digest(Buffer.concat(chunks))).toBe(digest(raw))
})

test.each([
  ['that needs another one (a backing file)', ['create', '-f', 'qcow2', '-b', 'disk.raw', '-F', 'raw']],
  [
    'that is encrypted',
    ['create', '-f', 'qcow2', '--object', 'secret,id=s,data=abc', '-o', 'encrypt.format=luks,encrypt.key-secret=s'],
  ],
  ['with features that are not read here', ['create', '-f', 'qcow2', '-o', 'extended_l2=on']],
  ['with features that are not read here', ['create', '-f', 'qcow2', '-o', 'compression_type=zstd']],
])('one %s is refused, with the way out', async (why, args) => {
  const file = join(dir, 'odd.qcow2')
  qemu(...args, file, '5M')
  await expect(openQcow2(file)).rejects.toMatchObject({
    message: `${file} is a qcow2 image ${why}`,
    suggestions: [expect.stringContaining('qemu-img convert -O vmdk')],
  })
})

test('the disk of an OVA', async () => {
  const [ova, out] = [join(dir, 'x.ova'), join(dir, 'out.vmdk')]
  writeFileSync(join(dir, 'x.ovf'), '<Envelope/>')
  qemu('convert', '-O', 'vmdk', '-o', 'subformat=streamOptimized', source, join(dir, 'x.vmdk'))
  execFileSync('tar', ['--format=ustar', '-C', dir, '-cf', ova, 'x.ovf', 'x.vmdk'])
  await extractDisk(ova, out, new AbortController().signal)
  qemu('convert', '-O', 'raw', out, join(dir, 'again.raw'))
  expect(digest(execFileSync('head', ['-c', String(raw.length), join(dir, 'again.raw')], { maxBuffer: 1 << 24 }))).toBe(
    digest(raw),
  )
  execFileSync('tar', ['-C', dir, '-cf', ova, 'x.ovf'])
  await expect(extractDisk(ova, out, new AbortController().signal)).rejects.toThrow('holds no disk')
  execFileSync('cp', [join(dir, 'x.vmdk'), join(dir, 'y.vmdk')])
  execFileSync('tar', ['-C', dir, '-cf', ova, 'x.vmdk', 'y.vmdk'])
  await expect(extractDisk(ova, out, new AbortController().signal)).rejects.toThrow('holds several disks')
})
