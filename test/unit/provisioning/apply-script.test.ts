import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { applyCommand, applyInput } from '../../../provisioning/apply-script.ts'
import { textOf } from '../../../src/ssh/quote.ts'

const command = textOf(
  applyCommand({
    init: 'systemd',
    port: 2376,
    configPath: '/etc/docker/daemon.json',
    dockerd: '/usr/sbin/dockerd',
    validate: true,
    words: ['--a=b c', '--host=tcp://0.0.0.0:2376'],
    action: 'restart',
    first: true,
  }),
)

test('every shell here can read the transaction', () => {
  const shells = [['sh'], ['busybox', 'sh']].filter(([name = '']) => spawnSync(name, ['-c', ':']).error === undefined)
  for (const [program = '', ...args] of shells) {
    expect(spawnSync(program, [...args, '-n', '-c', command], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  }
})

test('words reach it whole', () => {
  expect(command).toContain("set -- '--a=b c' --host=tcp://0.0.0.0:2376 && ")
})

test('files travel as lines', () => {
  expect(
    applyInput([
      { path: '/etc/a', text: 'x\n', mode: 0o600 },
      { path: '/etc/b', mode: 0 },
      { path: '/etc/c', from: '/etc/c.made', mode: 0o400 },
    ]),
  ).toBe('put 600 /etc/a eAo=\ndrop 0 /etc/b -\ntake 400 /etc/c /etc/c.made\n')
})
