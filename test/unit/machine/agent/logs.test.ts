/** The command line that `agent logs` runs on a host. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { logCommand } from '../../../../src/machine/agent/logs.ts'

/** What it runs with programs that print their words, as somebody who is not root. */
function ran(command: string, systemd: boolean): string {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'))
  const put = (name: string, body: string) => writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  put('id', 'echo 1000')
  put('sudo', '[ "$1" = -n ] && shift; if [ "$1" = test ]; then exit 0; fi; exec "$@"')
  for (const name of ['journalctl', 'tail']) put(name, `printf '%s' ${name}; printf ' [%s]' "$@"`)
  // /run/systemd/system is the question `test -d` answers; `[` stays the shell's own.
  const text = command.replace('test -d /run/systemd/system', systemd ? 'true' : 'false')
  const { stdout, stderr } = spawnSync('sh', ['-c', text], {
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env.PATH}` },
  })
  rmSync(bin, { recursive: true })
  return stdout + stderr
}

test('the journal, with what was asked for', () => {
  expect(ran(logCommand({ lines: 100 }), true)).toBe(
    'journalctl [--unit=machine-agent] [--no-pager] [--output=short-iso] [--lines=100]',
  )
  expect(ran(logCommand({ lines: 5, follow: true, since: '1 hour ago' }), true)).toBe(
    'journalctl [--unit=machine-agent] [--no-pager] [--output=short-iso] [--lines=5] [--since=1 hour ago] [--follow]',
  )
})

test('files where there is no journal', () => {
  expect(ran(logCommand({ lines: 7, follow: true }), false)).toBe(
    'tail [-n] [7] [-F] [/var/log/machine-agent/audit.log] [/var/log/machine-agent/agent.log]',
  )
  expect(ran(logCommand({ lines: 7, since: 'today' }), false)).toBe(
    '--since needs the journal of systemd, which this host has not\n',
  )
})

test('a time is words and numbers; nothing that log-in shells read even between single quotes', () => {
  expect(() => logCommand({ lines: 1, since: '$(reboot)' })).toThrow('"$(reboot)" is no time')
  expect(logCommand({ lines: 1, since: '-10min' }, { terminal: true })).not.toMatch(/[\\!'\n]/)
})
