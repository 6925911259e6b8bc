import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { readBuildProgress } from '../../../../drivers/nspawn/build-progress.ts'
import { explained } from '../../../../drivers/nspawn/rootfs.ts'
import { readRootSource } from '../../../../drivers/nspawn/settings.ts'
import { MachineError } from '../../../../src/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'machine-rootfs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const config = {
  suite: 'trixie',
  image: undefined,
  packages: undefined,
  mirror: 'http://mirror.example/debian',
  subnet: '198.18.0.0/15',
  memory: undefined,
  cpus: undefined,
  cacheDir: '/var/cache/machine',
  stateDir: '/var/lib/machine',
}
const keyOf = async (change: Partial<typeof config> | { image: string } | { packages: string[] }, arch = 'x64') => {
  const source = await readRootSource({ ...config, ...change }, arch)
  return 'key' in source ? source.key : source.directory
}

describe('the key of a tree', () => {
  test('is the same for the same inputs and another for any other', async () => {
    const keys = await Promise.all([
      keyOf({}),
      keyOf({ suite: 'forky' }),
      keyOf({ packages: ['less'] }),
      keyOf({ mirror: 'http://other.example/debian' }),
      keyOf({}, 'arm64'),
    ])
    expect(new Set(keys).size).toBe(keys.length)
    expect(await keyOf({ subnet: '10.9.0.0/16' })).toBe(keys[0])
  })
  test('follows a changed archive', async () => {
    const image = join(folder, 'root.tar.gz')
    writeFileSync(image, 'one')
    utimesSync(image, 1000, 1000)
    const first = await keyOf({ image })
    utimesSync(image, 1000, 2000)
    expect(await keyOf({ image })).not.toBe(first)
  })
  test('an image that is neither archive nor root file system is refused', async () => {
    await expect(keyOf({ image: join(folder, 'absent.tar') })).rejects.toThrow('is neither a directory nor a .tar')
    await expect(keyOf({ image: folder })).rejects.toThrow('it has no etc/os-release')
  })
})

test('progress is read from what mmdebstrap and apt print', () => {
  const read = readBuildProgress()
  const lines = [
    'I: running apt-get update...',
    'Get:1 http://m.example/debian forky InRelease [151 kB]',
    '0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.',
    'Get:1 http://m.example/debian forky/main amd64 grep amd64 3.12-1 [443 kB]',
    'Unpacking libattr1:amd64 (1:2.6.0-1) ...',
    'Setting up libattr1:amd64 (1:2.6.0-1) ...',
    '0 upgraded, 4 newly installed, 0 to remove and 0 not upgraded.',
    'Unpacking docker.io (28.5.2+dfsg4-1) ...',
    'Selecting previously unselected package iptables.',
    'Setting up docker.io (28.5.2+dfsg4-1) ...',
    'I: cleaning package lists and apt cache...',
  ]
  const seen = lines.map(read).filter(progress => progress !== undefined)
  expect(seen.map(progress => progress.text)).toEqual([
    'reading package lists',
    'downloading packages (1/2)',
    'unpacking libattr1 (1/2)',
    'setting up libattr1 (1/2)',
    'unpacking docker.io (1/4)',
    'setting up docker.io (1/4)',
    'cleaning up',
  ])
  const fractions = seen.map(progress => progress.fraction)
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
})

// Words of apt 2.6, tar and cp as they printed them.
test.each([
  [
    'E: Release file for http://m.example/debian/dists/forky/InRelease is expired (invalid since 17d 15h 25min 32s).',
    'out of date',
  ],
  ['E: GPG error: http://m.example/debian forky InRelease: NO_PUBKEY 6ED0E7B82643E131', 'debian-archive-keyring'],
  ['E: Unable to locate package dockr.io', '--nspawn-packages'],
  ['tar: ./usr/bin/x: Cannot write: No space left on device', '--nspawn-cache-dir'],
])('a build that failed with %p says what to do', (words, remedy) => {
  const error = explained(new MachineError('NSPAWN_FAILED', `could not build: ${words}`), config)
  expect(error.code).toBe('NSPAWN_BUILD')
  expect(error.suggestions.join()).toContain(remedy)
})
