/** The scripts of `upgrade` run by sh against stand-ins of the package tools that answer as the real ones do. */
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { PackageTool } from '../../../provisioning/distros.ts'
import {
  candidateCommand,
  NO_SUCH_VERSION,
  ownerCommand,
  upgradeCommand,
} from '../../../provisioning/upgrade-script.ts'
import { type Cmd, textOf } from '../../../src/ssh/quote.ts'
import { makeTempDir } from '../../kit/temp-dir.ts'
import { which } from '../../kit/which.ts'

/** What each tool says; anything else it is asked is an error, which the script may not need. */
const TOOLS: Record<PackageTool, Record<string, string>> = {
  apt: {
    dpkg: `case "$*" in "-S $D") echo "docker-ce: $D" ;; *) exit 1 ;; esac`,
    'dpkg-query': `case "$3$4" in '\${Version}docker-ce') printf 5:28.5.1-1~debian.13~trixie ;; *) exit 1 ;; esac`,
    'apt-cache': `case "$*" in
'madison docker-ce') printf ' docker-ce | %s | https://r trixie/stable amd64 Packages\\n' 5:29.10.0-1~debian.13~trixie 5:29.1.0-1~debian.13~trixie 5:28.5.2-1~debian.13~trixie ;;
'policy docker-ce') printf 'docker-ce:\\n  Installed: 5:28.5.1-1~debian.13~trixie\\n  Candidate: 5:29.10.0-1~debian.13~trixie\\n' ;;
*) exit 100 ;; esac`,
    'apt-get': 'exit 0',
  },
  dnf: {
    rpm: `case "$1" in -qf) echo docker-ce ;; -q) printf 28.5.1-1.el9 ;; *) exit 1 ;; esac`,
    dnf: `case "$*" in
'-q list --showduplicates docker-ce') printf '%s\\n' 'Available Packages' 'docker-ce.x86_64  3:28.5.2-1.el9  docker-ce-stable' 'docker-ce.x86_64  3:29.10.0-1.el9  docker-ce-stable' 'docker-ce.x86_64  3:29.1.0-1.el9  docker-ce-stable' ;;
'-y -q install '*) ;; *) exit 1 ;; esac`,
  },
  zypper: {
    rpm: `case "$1" in -qf) echo docker ;; -q) printf 28.3.3_ce-150000.1 ;; *) exit 1 ;; esac`,
    zypper: `case "$*" in '-q info docker') printf 'Name           : docker\\nVersion        : 28.5.1_ce-150000.2\\n' ;; '-n -q install '*) ;; *) exit 1 ;; esac`,
  },
  pacman: {
    pacman: `case "$*" in "-Qqo $D") echo docker ;; '-Q docker') echo 'docker 1:28.5.1-1' ;; '-Si docker') printf 'Name            : docker\\nVersion         : 1:29.0.0-1\\n' ;; -Sy*|-S\\ *) ;; *) exit 1 ;; esac`,
  },
  apk: {
    apk: `case "$*" in "info --who-owns $D") echo "$D is owned by docker-engine-28.3.3-r0" ;; 'policy docker-engine') printf 'docker-engine policy:\\n  28.3.3-r0:\\n    lib/apk/db/installed\\n  28.3.4-r1:\\n    https://r/v3.22/community\\n' ;; update|'add -u docker-engine') ;; *) exit 1 ;; esac`,
  },
}

function runOn(tool: PackageTool, command: Cmd) {
  using dir = makeTempDir()
  const calls = join(dir.path, 'calls')
  writeFileSync(calls, '')
  const dockerd = join(dir.path, 'dockerd')
  const put = (name: string, body: string) => {
    writeFileSync(join(dir.path, name), `#!/bin/sh\nD=${dockerd}\necho "${name} $*" >> ${calls}\n${body}\n`)
    chmodSync(join(dir.path, name), 0o755)
  }
  for (const [name, body] of Object.entries(TOOLS[tool])) put(name, body)
  for (const name of ['dockerd', 'systemctl', 'rc-service', 'service']) put(name, 'exit 0')
  for (const name of [
    'sh',
    'sed',
    'awk',
    'grep',
    'head',
    'sort',
    'readlink',
    'printf',
    'cat',
    'date',
    'mktemp',
    'rm',
    'sleep',
  ])
    symlinkSync(which(name) ?? `/usr/bin/${name}`, join(dir.path, name))
  const { status, stdout } = spawnSync('/bin/sh', ['-c', textOf(command)], {
    encoding: 'utf8',
    env: { PATH: dir.path },
  })
  return { status, stdout: stdout.trim(), calls: readFileSync(calls, 'utf8') }
}

test.each([
  ['apt', 'docker-ce 5:28.5.1-1~debian.13~trixie'],
  ['dnf', 'docker-ce 28.5.1-1.el9'],
  ['zypper', 'docker 28.3.3_ce-150000.1'],
  ['pacman', 'docker 1:28.5.1-1'],
  ['apk', 'docker-engine 28.3.3-r0'],
] as const)('%s: the package that brought dockerd', (tool, owner) => {
  expect(runOn(tool, ownerCommand(tool))).toMatchObject({ status: 0, stdout: owner })
})

test.each([
  ['apt', 'docker-ce', '', '5:29.10.0-1~debian.13~trixie'],
  ['apt', 'docker-ce', '29.1', '5:29.1.0-1~debian.13~trixie'],
  ['apt', 'docker-ce', '28', '5:28.5.2-1~debian.13~trixie'],
  ['dnf', 'docker-ce', '', '3:29.10.0-1.el9'],
  ['dnf', 'docker-ce', '28.5', '3:28.5.2-1.el9'],
  ['zypper', 'docker', '', '28.5.1_ce-150000.2'],
  ['pacman', 'docker', '29', '1:29.0.0-1'],
  ['apk', 'docker-engine', '', '28.3.4-r1'],
] as const)('%s: the %s to go to, asked for %j', (tool, name, version, candidate) => {
  expect(runOn(tool, candidateCommand(tool, name, version))).toMatchObject({ status: 0, stdout: candidate })
})

test.each([
  ['apt', 'docker-ce', '27'],
  ['dnf', 'docker-ce', '29.11'],
  ['zypper', 'docker', '29'],
  ['pacman', 'docker', '28'],
  ['apk', 'docker-engine', '27'],
] as const)('%s: no %s %s', (tool, name, version) => {
  expect(runOn(tool, candidateCommand(tool, name, version)).status).toBe(NO_SUCH_VERSION)
})

test.each([
  ['apt', 'docker-ce', '5:29.1.0-1', / install docker-ce=5:29\.1\.0-1\n/],
  ['dnf', 'docker-ce', '3:29.1.0-1.el9', /dnf -y -q install docker-ce-29\.1\.0-1\.el9\n/],
  ['zypper', 'docker', '28.5.1_ce-1', /zypper -n -q install --no-recommends docker\n/],
  ['pacman', 'docker', '1:29.0.0-1', /pacman -S --noconfirm --needed docker\n/],
  ['apk', 'docker-engine', '28.3.4-r1', /apk add -u docker-engine\n/],
] as const)('%s: upgrades %s', (tool, name, candidate, call) => {
  const done = runOn(tool, upgradeCommand(tool, name, candidate))
  expect(done.status).toBe(0)
  expect(done.calls).toMatch(call)
})
