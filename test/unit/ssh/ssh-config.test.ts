import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type ConfigHost, hostWord, sshConfigOf } from '../../../src/ssh/ssh-config.ts'
import { makeTempDir } from '../../kit/temp-dir.ts'
import { needs } from '../../kit/tools.ts'

const dev: ConfigHost = {
  host: hostWord('dev'),
  address: '198.18.0.2',
  port: 22,
  user: 'root',
  keyPath: '/odd "dir" %h/id rsa',
  knownHostsPath: '/tmp/known',
}
const web: ConfigHost = {
  host: hostWord('web', 'box'),
  alias: 'box',
  address: '192.0.2.7',
  port: 2222,
  user: 'ann',
  knownHostsPath: '/tmp/k2',
}
const own = { user: '/home/a b/.ssh/config', system: '/etc/ssh/ssh_config' }

test('a machine without an alias sees nothing of the user’s configuration', () => {
  expect(sshConfigOf([dev], own)).toBe(`Host machine-dev
  HostName 198.18.0.2
  Port 22
  User "root"
  IdentitiesOnly yes
  IdentityFile "/odd \\"dir\\" %%h/id rsa"
  StrictHostKeyChecking yes
  UserKnownHostsFile "/tmp/known"
  GlobalKnownHostsFile /dev/null
  HostKeyAlias 198.18.0.2
  CheckHostIP no
  ConnectTimeout 15
  ServerAliveInterval 15
  LogLevel ERROR
`)
})

needs('ssh')('ssh reads each machine’s own settings out of it, and the alias’s from the user', () => {
  using dir = makeTempDir()
  const user = join(dir.path, 'user config')
  writeFileSync(
    user,
    'Host box\n  HostName 203.0.113.1\n  ProxyJump gate\n  Port 9\nHost *\n  User nobody\n  Compression yes\n',
  )
  const file = join(dir.path, 'config')
  writeFileSync(file, sshConfigOf([dev, web], { ...own, user }))
  const seen = (host: string) => {
    const text = execFileSync('ssh', ['-F', file, '-G', host], { encoding: 'utf8' })
    const lines = text.split('\n').map(line => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const)
    return Object.fromEntries(lines)
  }
  expect(seen('machine-dev')).toMatchObject({
    hostname: '198.18.0.2',
    port: '22',
    user: 'root',
    identityfile: '/odd "dir" %%h/id rsa', // -G shows it before its tokens are read
    userknownhostsfile: '/tmp/known',
    stricthostkeychecking: 'true',
    compression: 'no',
  })
  expect(seen('box')).toMatchObject({
    hostname: '203.0.113.1',
    port: '2222',
    user: 'ann',
    proxyjump: 'gate',
    compression: 'yes',
  })
  expect(seen('gate')).toMatchObject({ user: 'nobody', stricthostkeychecking: 'ask' })
})
