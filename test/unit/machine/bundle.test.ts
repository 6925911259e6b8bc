/** The bundle as a file: what goes in, who else opens it, and all that is refused. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Header } from 'tar'
import { decrypt, encrypt, isEncrypted } from '../../../src/machine/bundle/age.ts'
import { collectBundle, readBundle, writeBundle } from '../../../src/machine/bundle/file.ts'
import { type Files, MAX_BUNDLE_BYTES, readManifest, renderManifest } from '../../../src/machine/bundle/format.ts'
import { pack, unpack } from '../../../src/machine/bundle/tar.ts'
import { Secret } from '../../../src/ssh/quote.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { needs } from '../../kit/tools.ts'

const at = new Date('2026-01-02T03:04:05Z')
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const manifest = (kind: 'full' | 'client' = 'full') => renderManifest({ kind, name: 'dev', created: at.toISOString() })
const files = (more: Record<string, string> = {}): Files =>
  new Map([
    ['bundle.json', manifest()],
    ...Object.entries({ 'config.json': '{}', ...more }).map(([name, text]) => [name, bytes(text)] as const),
  ])
const texts = (of: Files) => Object.fromEntries([...of].map(([name, data]) => [name, Buffer.from(data).toString()]))

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir[Symbol.dispose]())

describe('tar', () => {
  test('what goes in comes out, also when a body fills its block exactly', async () => {
    const all = files({ 'ca.pem': 'x'.repeat(512), 'key.pem': '', id_rsa: 'k'.repeat(1000) })
    expect(texts(await unpack(await pack(all, at)))).toEqual(texts(all))
  })

  test('the tar program lists the files with their modes and gives them back', async () => {
    const path = join(dir.path, 'b.tar')
    writeFileSync(path, await pack(files({ 'ca.pem': 'CA', id_rsa: 'KEY' }), at))
    const listed = execFileSync('tar', ['--utc', '-tvf', path], { encoding: 'utf8' })
    expect(
      listed
        .trimEnd()
        .split('\n')
        .map(line => line.replace(/\s+/g, ' ').replace(/ \d+ /, ' ')),
    ).toEqual([
      '-rw-r--r-- 0/0 2026-01-02 03:04 bundle.json',
      '-rw------- 0/0 2026-01-02 03:04 config.json',
      '-rw-r--r-- 0/0 2026-01-02 03:04 ca.pem',
      '-rw------- 0/0 2026-01-02 03:04 id_rsa',
    ])
    execFileSync('tar', ['-xf', path, '-C', dir.path])
    expect(statSync(join(dir.path, 'id_rsa')).mode & 0o777).toBe(0o600)
  })

  test('what the tar program made of a folder is read', async () => {
    const folder = join(dir.path, 'folder')
    mkdirSync(folder)
    for (const [name, data] of files({ 'ca.pem': 'CA' })) writeFileSync(join(folder, name), data)
    for (const format of ['gnu', 'pax', 'ustar']) {
      const tar = execFileSync('tar', ['-c', `--format=${format}`, '-C', folder, '.'])
      expect(texts(await unpack(tar))).toEqual(texts(files({ 'ca.pem': 'CA' })))
    }
  })

  /** One entry of any kind, as a hostile bundle would hold it. */
  const entry = (head: Partial<ConstructorParameters<typeof Header>[0] & object>, body = '') => {
    const block = Buffer.alloc(512)
    new Header({ mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: at, type: 'File', ...head }).encode(block)
    return Buffer.concat([block, Buffer.from(body), Buffer.alloc((512 - (body.length % 512)) % 512)])
  }
  const end = Buffer.alloc(1024)

  test.each([
    ['../config.json', { path: '../config.json' }, '"../config.json", which no bundle does'],
    ['an absolute path', { path: '/etc/passwd' }, '"/etc/passwd", which no bundle does'],
    ['a folder below', { path: 'certs/ca.pem' }, '"certs/ca.pem", which no bundle does'],
    ['a stranger', { path: 'run.sh' }, '"run.sh", which no bundle does'],
    ['a prototype’s name', { path: 'constructor' }, '"constructor", which no bundle does'],
    [
      'a symbolic link',
      { path: 'ca.pem', type: 'SymbolicLink', linkpath: '/etc/shadow' },
      'no plain file (SymbolicLink)',
    ],
    ['a hard link', { path: 'ca.pem', type: 'Link', linkpath: 'key.pem' }, 'no plain file (Link)'],
    ['a device', { path: 'ca.pem', type: 'CharacterDevice', devmaj: 1, devmin: 5 }, 'no plain file (CharacterDevice)'],
    ['a FIFO', { path: 'ca.pem', type: 'FIFO' }, 'no plain file (FIFO)'],
    ['a folder', { path: 'config.json', type: 'Directory' }, 'no plain file (Directory)'],
  ] as const)('refuses %s', async (_, head, says) => {
    const tar = Buffer.concat([entry({ path: 'bundle.json' }, '{}'), entry(head), end])
    await expect(unpack(tar)).rejects.toMatchObject({
      code: 'BUNDLE_UNREADABLE',
      message: expect.stringContaining(says),
    })
  })

  test('refuses a file twice, a file too large, and one whose body is not there', async () => {
    const twice = Buffer.concat([entry({ path: 'ca.pem' }, 'a'), entry({ path: './ca.pem' }, 'b'), end])
    await expect(unpack(twice)).rejects.toThrow('"./ca.pem" twice')
    const large = Buffer.concat([entry({ path: 'ca.pem' }, 'x'.repeat(1024 * 1024 + 1)), end])
    await expect(unpack(large)).rejects.toThrow('"ca.pem" in it is larger than 1048576 bytes')
    await expect(unpack(Buffer.concat([entry({ path: 'ca.pem', size: 8 * 2 ** 30 }), end]))).rejects.toThrow(
      /larger than/,
    )
    await expect(unpack(entry({ path: 'ca.pem', size: 4000 }))).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' })
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello\n'.repeat(500))],
    ['a gzip', execFileSync('gzip', ['-c'], { input: 'x'.repeat(5000) })],
    ['zeros', Buffer.alloc(4096)],
  ])('refuses %s', async (_, content) => {
    const read = unpack(content).then(readManifest)
    await expect(read).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' })
  })

  test('refuses a tar with a broken checksum', async () => {
    const tar = Buffer.from(await pack(files(), at))
    tar.write('9', 100)
    await expect(unpack(tar).then(readManifest)).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' })
  })
})

describe('the manifest', () => {
  const read = (text: string | object, more: Record<string, string> = { 'config.json': '{}' }) => {
    const json = typeof text === 'string' ? text : JSON.stringify(text)
    return () => readManifest(new Map(Object.entries({ 'bundle.json': json, ...more }).map(([n, t]) => [n, bytes(t)])))
  }
  const good = { format: 'machine-bundle', version: 1, kind: 'full', name: 'dev', created: '2026' }

  test('is read', () => {
    expect(read(good)()).toEqual(good)
    expect(readManifest(files())).toMatchObject({ kind: 'full', name: 'dev', created: at.toISOString() })
  })

  test.each([
    ['{"format":', 'its bundle.json is no JSON object'],
    ['null', 'its bundle.json is no JSON object'],
    [{ ...good, format: 'other' }, 'its bundle.json is of another kind'],
    [{ ...good, version: '1' }, 'its version is "1"'],
    [{ ...good, kind: 'everything' }, 'its kind is "everything"'],
    [{ ...good, name: undefined }, 'it names no machine'],
  ])('%j: %s', (text, says) => {
    expect(read(text)).toThrow(`this is no bundle of a machine: ${says}`)
  })

  test('a later version is from a later program', () => {
    expect(read({ ...good, version: 2, kind: 'new' })).toThrow(
      'the bundle has version 2, and this program reads version 1',
    )
  })

  test('a client-only bundle holds no key but the client’s', () => {
    const client = { ...good, kind: 'client' }
    for (const file of ['id_rsa', 'ca-key.pem', 'known_hosts'])
      expect(read(client, { 'config.json': '{}', [file]: 'x' })).toThrow(
        `"${file}" does not belong in a client-only one`,
      )
    expect(read(client, {})).toThrow('it has no config.json')
  })
})

describe('encryption', () => {
  const secret = new Secret('correct horse')

  test('what is encrypted opens with its passphrase and no other', async () => {
    const closed = await encrypt(bytes('inside'), secret)
    expect([isEncrypted(closed), isEncrypted(bytes('inside'))]).toEqual([true, false])
    expect(Buffer.from(await decrypt(closed, secret)).toString()).toBe('inside')
    await expect(decrypt(closed, new Secret('correct horse '))).rejects.toMatchObject({
      code: 'WRONG_PASSPHRASE',
      message: 'the passphrase does not open this bundle',
    })
  })

  test('a changed or shortened file is damaged, not of a wrong passphrase', async () => {
    const closed = await encrypt(bytes('inside'), secret)
    const changed = Uint8Array.from(closed)
    changed[closed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    for (const broken of [changed, closed.subarray(0, closed.length - 5), closed.subarray(0, 100)])
      await expect(decrypt(broken, secret)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' })
  })

  needs('age', 'age-keygen')('a bundle encrypted to a key says so', async () => {
    const key = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const recipient = /public key: (\S+)/.exec(key)?.[1] ?? ''
    for (const armoured of [[], ['-a']]) {
      const closed = execFileSync('age', ['-r', recipient, ...armoured], { input: 'inside' })
      expect(isEncrypted(closed)).toBe(true)
      await expect(decrypt(closed, secret)).rejects.toThrow('the bundle is encrypted to a key')
    }
  })
})

describe('files', () => {
  test('a bundle is written for its owner alone, and over nothing', async () => {
    const path = join(dir.path, 'b.age')
    await writeBundle(path, bytes('one'))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await expect(writeBundle(path, bytes('two'))).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    symlinkSync(join(dir.path, 'elsewhere'), join(dir.path, 'link'))
    await expect(writeBundle(join(dir.path, 'link'), bytes('two'))).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(Buffer.from(await readBundle(path)).toString()).toBe('one')
  })

  test('what cannot be written or read says why', async () => {
    await expect(writeBundle(join(dir.path, 'no/b'), bytes('x'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    await expect(readBundle(join(dir.path, 'no'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(readBundle(dir.path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test('an endless file is given up', async () => {
    await expect(readBundle('/dev/zero')).rejects.toThrow(`it is larger than ${MAX_BUNDLE_BYTES} bytes`)
    const one = async function* () {
      yield bytes('one')
    }
    expect(Buffer.from(await collectBundle(one())).toString()).toBe('one')
  })
})
