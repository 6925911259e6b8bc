import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { distroOf } from '../../../provisioning/distros.ts'
import {
  distributionCommand,
  probeCommand,
  repositoryCommand,
  repositoryOf,
  scriptCommand,
} from '../../../provisioning/install.ts'
import { DOCKER_KEYS, repositoryBase } from '../../../provisioning/mirrors.ts'
import { parseOsRelease } from '../../../provisioning/os-release.ts'
import { type Cmd, textOf } from '../../../src/ssh/quote.ts'

const at = (osRelease: string, arch = 'x86_64') => {
  const os = parseOsRelease(osRelease)
  const distro = distroOf(os)
  return { distro, repository: distro && repositoryOf(distro, os, arch, 'https://r') }
}

describe('where an engine comes from', () => {
  test.each([
    [
      'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie',
      'https://r/linux/debian/dists/trixie/Release',
      ['docker.io'],
    ],
    ['ID=ubuntu\nVERSION_CODENAME=noble\nID_LIKE=debian', 'https://r/linux/ubuntu/dists/noble/Release', ['docker.io']],
    [
      'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=zena\nUBUNTU_CODENAME=noble',
      'https://r/linux/ubuntu/dists/noble/Release',
      ['docker.io'],
    ],
    [
      'ID=zorin\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=x\nUBUNTU_CODENAME=jammy',
      'https://r/linux/ubuntu/dists/jammy/Release',
      ['docker.io'],
    ],
    ['ID=raspbian\nVERSION_CODENAME=bookworm', 'https://r/linux/debian/dists/bookworm/Release', ['docker.io']],
    [
      'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"',
      'https://r/linux/centos/9/x86_64/stable/repodata/repomd.xml',
      undefined,
    ],
    ['ID="rhel"\nVERSION_ID="10.0"', 'https://r/linux/rhel/10/x86_64/stable/repodata/repomd.xml', undefined],
    [
      'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="8.10"',
      'https://r/linux/centos/8/x86_64/stable/repodata/repomd.xml',
      undefined,
    ],
    ['ID=fedora\nVERSION_ID=43', 'https://r/linux/fedora/43/x86_64/stable/repodata/repomd.xml', ['moby-engine']],
    [
      'ID="alinux"\nID_LIKE="rhel fedora centos anolis"\nVERSION_ID="3"',
      'https://r/linux/centos/8/x86_64/stable/repodata/repomd.xml',
      ['docker'],
    ],
    [
      'ID="openEuler"\nVERSION_ID="24.03"',
      'https://r/linux/centos/9/x86_64/stable/repodata/repomd.xml',
      ['docker-engine'],
    ],
    ['ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"', undefined, ['docker']],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', undefined, ['docker']],
    ['ID="sles"\nVERSION_ID="15.6"', undefined, ['docker']],
    ['ID=arch', undefined, ['docker']],
    ['ID=manjaro\nID_LIKE=arch', undefined, ['docker']],
    ['ID=alpine\nVERSION_ID=3.22.1', undefined, ['docker']],
  ])('%j', (osRelease, probe, packages) => {
    const { distro, repository } = at(osRelease)
    expect({ probe: repository?.probeUrl, packages: distro?.packages }).toEqual({ probe, packages })
  })

  test('a distribution nobody wrote down', () => {
    expect(at('ID=plan9').distro).toBeUndefined()
  })

  test('architectures by the package tool’s own names, the key pinned', () => {
    const { repository } = at('ID=debian\nVERSION_CODENAME=trixie', 'aarch64')
    expect(repository?.entry).toBe(
      'deb [arch=arm64 signed-by=/etc/apt/keyrings/docker.asc] https://r/linux/debian trixie stable\n',
    )
    expect(repository?.fingerprint).toBe(DOCKER_KEYS.apt)
  })

  test('mirrors have names or are URLs', () => {
    expect(repositoryBase('aliyun')).toBe('https://mirrors.aliyun.com/docker-ce')
    expect(repositoryBase('https://m.example/docker/')).toBe('https://m.example/docker')
    expect(() => repositoryBase('constructor')).toThrow('no engine mirror')
  })
})

describe('install scripts', () => {
  const debian = at('ID=debian\nVERSION_CODENAME=trixie')
  const rocky = at('ID=rocky\nVERSION_ID=9.6')
  const commands: [string, Cmd][] = []
  for (const [name, { distro, repository }] of Object.entries({ debian, rocky })) {
    if (!distro || !repository) throw new Error(name)
    commands.push(
      [`${name} probe`, probeCommand(repository)],
      [`${name} repository`, repositoryCommand(distro, repository, '29.1')],
    )
    commands.push(
      [`${name} own`, distributionCommand(distro)],
      [`${name} script`, scriptCommand("https://h/it's", '29', ['--mirror', 'X'], 'apt')],
    )
  }
  const shells = [['sh'], ['busybox', 'sh']].filter(([name = '']) => spawnSync(name, ['-c', ':']).error === undefined)
  test.each(commands)('%s: every shell here can read it', (_name, command) => {
    for (const [program = '', ...args] of shells) {
      expect(spawnSync(program, [...args, '-n', '-c', textOf(command)], { encoding: 'utf8' })).toMatchObject({
        status: 0,
        stderr: '',
      })
    }
  })

  test('a version is picked number by number', () => {
    const pick = /grep -E .*? \| head -n 1/.exec(textOf(commands[1]?.[1] as Cmd))?.[0] ?? ''
    const list = '5:29.10.0-1~debian\n5:29.1.2-1~debian\n5:29.1.0-1~debian\n5:28.5.1-1~debian\n'
    const picked = (version: string) =>
      spawnSync('sh', ['-c', `V=${version}; ${pick}`], { input: list, encoding: 'utf8' }).stdout.trim()
    expect([picked('29.1'), picked('29'), picked('28.5.1'), picked('27')]).toEqual([
      '5:29.1.2-1~debian',
      '5:29.10.0-1~debian',
      '5:28.5.1-1~debian',
      '',
    ])
  })

  test.each([
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (apt-get)',
    'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
    'dpkg: error: dpkg frontend lock was locked by another process with pid 12',
    'Another app is currently holding the yum lock; waiting for it to exit...',
    'Existing lock /var/run/yum.pid: another copy is running as pid 4.',
    'System management is locked by the application with pid 99 (/usr/bin/zypper).',
    'error: failed to synchronize all databases (unable to lock database)',
    'ERROR: Unable to lock database: Resource temporarily unavailable',
  ])('is waited for: %s', said => {
    // The script's own retry loop, with a package tool that is locked out once.
    const text = textOf(commands[2]?.[1] as Cmd)
    const functions = text.slice(text.indexOf('set -u'), text.indexOf('\nfetch()'))
    const fake = `tool() { if [ -e $W/once ]; then echo done; else : >$W/once; echo "$SAID"; return 1; fi; }; sleep() { :; }`
    const run = spawnSync('sh', ['-c', `${functions}\n${fake}\npatiently tool; echo "code $?"`], {
      env: { ...process.env, SAID: said },
      encoding: 'utf8',
    })
    expect(run.stdout).toBe('#waiting for another package installation\ncode 0\n')
  })
})
