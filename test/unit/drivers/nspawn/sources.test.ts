import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { archivesOf, sourceLines } from '../../../../drivers/nspawn/apt-sources.ts'
import { readSources } from '../../../../drivers/nspawn/mirror.ts'
import { packageList } from '../../../../drivers/nspawn/packages.ts'
import { readResolvConf } from '../../../../drivers/nspawn/resolvers.ts'

const folder = mkdtempSync(join(tmpdir(), 'machine-sources-'))
afterAll(() => rmSync(folder, { recursive: true }))

const DEB822 = `# https://old.example/
Types: deb deb-src
URIs: http://mirror.example/debian/
# a comment inside
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
`
const ONE_LINE = `# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] https://one.example/debian bookworm main contrib
deb-src https://src.example/debian bookworm main
deb https://one.example/security bookworm-security main
`

test('archives are read from both styles of apt sources', () => {
  expect(archivesOf({ 'debian.sources': DEB822 }, 'bookworm')).toEqual({
    main: 'http://mirror.example/debian',
    security: 'http://mirror.example/security',
  })
  expect(archivesOf({ 'sources.list': ONE_LINE }, 'bookworm')).toEqual({
    main: 'https://one.example/debian',
    security: 'https://one.example/security',
  })
  expect(archivesOf({ 'x.list': 'deb [trusted=yes] file:/srv/debs ./' }, 'bookworm')).toBeUndefined()
})

test('testing has one archive, releases have three', () => {
  const archives = { main: 'http://m.example/debian', security: 'http://m.example/security' }
  expect(sourceLines('forky', archives)).toEqual(['deb http://m.example/debian forky main'])
  expect(sourceLines('trixie', archives)).toEqual([
    'deb http://m.example/debian trixie main',
    'deb http://m.example/debian trixie-updates main',
    'deb http://m.example/security trixie-security main',
  ])
})

test('a mirror asked for wins; a computer without Debian leaves the choice to mmdebstrap', async () => {
  mkdirSync(join(folder, 'apt/sources.list.d'), { recursive: true })
  writeFileSync(join(folder, 'apt/sources.list.d/debian.sources'), DEB822)
  writeFileSync(join(folder, 'os-release'), 'ID=ubuntu\nVERSION_CODENAME=noble\n')
  expect(await readSources('trixie', undefined, folder)).toEqual([])
  writeFileSync(join(folder, 'os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\n')
  expect((await readSources('trixie', undefined, folder))[0]).toBe('deb http://mirror.example/debian trixie main')
  expect(await readSources('forky', 'http://asked.example/debian/', folder)).toEqual([
    'deb http://asked.example/debian forky main',
  ])
})

test('packages are added and left out', () => {
  const list = packageList(['less', '-docker.io', 'sudo'])
  expect(list).toContain('less')
  expect(list).not.toContain('docker.io')
  expect(list.filter(name => name === 'sudo')).toEqual(['sudo'])
  expect(packageList(['b', 'a'])).toEqual(packageList(['a', 'b']))
})

test('a local stub is no name server for a host: the real ones behind it are', async () => {
  const root = `${folder}/`
  expect(await readResolvConf(root)).toBe('')
  mkdirSync(join(folder, 'etc'))
  mkdirSync(join(folder, 'run/systemd/resolve'), { recursive: true })
  writeFileSync(join(folder, 'etc/resolv.conf'), 'nameserver 127.0.0.53\n')
  writeFileSync(
    join(folder, 'run/systemd/resolve/resolv.conf'),
    'nameserver 192.0.2.53\nnameserver ::1\nsearch lab.example\n',
  )
  expect(await readResolvConf(root)).toBe('search lab.example\nnameserver 192.0.2.53\n')
})
