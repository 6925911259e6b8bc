/** Ways into a generic host: users who are not root, keys an agent holds, an alias that leads through another host. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { provisioned } from '../kit/generic.ts'
import { startAgent } from '../kit/ssh-agent.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()

/** Shell: a further user whom the same key lets in. */
const user = (name: string, sudoers: string) => `useradd -m -s /bin/sh ${name}
cp -a /home/ann/.ssh /home/${name}/ && chown -R ${name}: /home/${name}/.ssh
${sudoers === '' ? '' : `echo '${name} ${sudoers}' > /etc/sudoers.d/${name}; chmod 440 /etc/sudoers.d/${name}`}`

const ED25519_ONLY = `rm -f /etc/ssh/ssh_host_ecdsa_key* /etc/ssh/ssh_host_rsa_key*
printf '%s\\n' 'HostKey /etc/ssh/ssh_host_ed25519_key' 'PubkeyAcceptedAlgorithms ssh-ed25519' \
  'HostKeyAlgorithms ssh-ed25519' 'PasswordAuthentication no' > /etc/ssh/sshd_config.d/keys.conf
systemctl restart ssh`

describe('logging in to a generic host', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    host = await startHost({
      sshUser: 'ann',
      sudo: 'password',
      setUp: `${user('bob', 'ALL=(ALL) NOPASSWD: ALL')}\n${user('eve', '')}\n${ED25519_ONLY}`,
    })
    home = await startHome()
  })
  afterEach(async () => {
    await home.cli('rm', '-f', 'box')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })
  const as = (name: string) => ['-d', 'generic', '--generic-ip-address', host.address, '--generic-ssh-user', name]
  const withKey = (name: string) => [...as(name), '--generic-ssh-key', host.keyPath]

  test('sudo that wants a password gets MACHINE_SUDO_PASSWORD, which stays out of every file and argument', async () => {
    const env = { MACHINE_SUDO_PASSWORD: host.password }
    const made = await home.cliWith({ env }, 'create', ...withKey('ann'), 'box')
    expect(made).toMatchObject({ code: 0 })
    expect(await home.dockerOk('box', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
    const again = await home.cliWith({ env }, 'provision', '--json', 'box')
    expect(JSON.parse(again.stdout)).toMatchObject([{ changed: [] }])
    expect(await host.exec('id -nG ann')).toContain('docker')
    const logs = await home.cliWith({ env }, 'agent', 'logs', '-n', '5', 'box')
    expect(logs).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(.*machine-agent.*\n){1,6}$/) })
    const kept = execFileSync('sh', ['-c', `grep -rlF '${host.password}' '${home.path}' || :`], { encoding: 'utf8' })
    expect(kept).toBe('')
    expect(made.stdout + made.stderr + again.stderr + logs.stderr).not.toContain(host.password)
    expect(await host.exec(`grep -rlF '${host.password}' /etc /home /tmp /var/log`, { ok: true })).toBe('')
  })

  test.each([
    {
      why: 'no password',
      env: {},
      login: 'ann',
      says: /sudo on \S+ wants the password of ann, and there is nobody to ask/,
    },
    {
      why: 'a wrong one',
      env: { MACHINE_SUDO_PASSWORD: 'nope' },
      login: 'ann',
      says: /sudo on \S+ does not take the password given for ann/,
    },
    {
      why: 'a user without sudo',
      env: { MACHINE_SUDO_PASSWORD: 'nope' },
      login: 'eve',
      says: /eve may not use sudo on|sudo on \S+ does not take the password given for eve/,
    },
    {
      why: 'a user without sudo or password',
      env: {},
      login: 'eve',
      says: /sudo on \S+ wants the password of eve, and there is nobody to ask|eve may not use sudo on/,
    },
  ])('$why: one clear sentence, and the way out', async ({ env, login, says }) => {
    const refused = await home.cliWith({ env }, 'create', ...withKey(login), 'box')
    expect(refused.stderr).toMatch(says)
    expect(refused.stderr).toContain('NOPASSWD')
    expect(refused.stderr.includes('MACHINE_SUDO_PASSWORD')).toBe(!('MACHINE_SUDO_PASSWORD' in env))
    expect(refused.code).toBe(1)
  })

  test('sudo without a password', async () => {
    await home.ok('create', ...withKey('bob'), 'box')
    expect(await provisioned(home, 'box')).toEqual([])
    expect(await host.exec('id -nG bob')).toContain('docker')
    expect((await home.ok('ssh', 'box', 'id', '-un')).trim()).toBe('bob')
  })

  test('a passphrase-protected key is used through the SSH agent; its passphrase is never needed', async () => {
    const locked = join(home.path, 'locked')
    execFileSync('cp', [host.keyPath, locked])
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'pass phrase', '-f', locked])
    await using agent = await startAgent(home.path)
    agent.add(locked, 'pass phrase')
    const made = await home.cliWith({ env: agent.env }, 'create', ...as('bob'), '--generic-ssh-key', locked, 'box')
    expect(made).toMatchObject({ code: 0 })
    await home.ok('rm', '-y', 'box')
    // Without --generic-ssh-key whatever the agent holds is tried.
    expect(await home.cliWith({ env: agent.env }, 'create', ...as('bob'), 'box')).toMatchObject({ code: 0 })
    expect((await home.cliWith({ env: agent.env }, 'ssh', 'box', 'id', '-un')).stdout.trim()).toBe('bob')
  })

  test('a passphrase-protected key and no agent: said so', async () => {
    const locked = join(home.path, 'locked-alone')
    execFileSync('cp', [host.keyPath, locked])
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'pass phrase', '-f', locked])
    const refused = await home.cli('create', ...as('bob'), '--generic-ssh-key', locked, 'box')
    expect(refused.stderr).toMatch(/passphrase/)
    expect(refused.code).not.toBe(0)
  })

  test('a key the host does not know: said so, without minutes of trying', async () => {
    const other = join(home.path, 'other')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
    const refused = await home.cli('create', ...as('bob'), '--generic-ssh-key', other, 'box')
    expect(refused.stderr).toContain(host.address)
    expect(refused.stderr).toMatch(/bob/)
    expect(refused.code).toBe(1)
  })

  test('an alias of ~/.ssh/config leads through a jump host', async () => {
    // The host lets people in from the jump host alone, so a direct connection could not work.
    await using jump = await startHost()
    await host.exec(`echo 'AllowUsers bob@${jump.address}' > /etc/ssh/sshd_config.d/jump.conf; systemctl restart ssh`)
    try {
      mkdirSync(join(home.path, '.ssh'), { recursive: true, mode: 0o700 })
      writeFileSync(
        join(home.path, '.ssh/config'),
        `Host inner\n  HostName ${host.address}\n  User bob\n  IdentityFile ${host.keyPath}\n  ProxyJump bastion\n` +
          `Host bastion\n  HostName ${jump.address}\n  User root\n  IdentityFile ${jump.keyPath}\n  UserKnownHostsFile ${home.path}/.ssh/known_hosts\n`,
      )
      writeFileSync(join(home.path, '.ssh/known_hosts'), jump.hostKeys.map(key => `${jump.address} ${key}\n`).join(''))
      const made = JSON.parse(await home.ok('create', '-d', 'generic', '--generic-ssh-alias', 'inner', '--json', 'box'))
      expect(made.address).toBe(host.address)
      expect(await home.dockerOk('box', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
      expect(await provisioned(home, 'box')).toEqual([])
      // The system's ssh reads the same alias, and so does the built-in client.
      const from = ['ssh', 'box', 'echo $SSH_CONNECTION'] as const
      expect((await home.ok(...from)).split(' ')[0]).toBe(jump.address)
      const builtIn = await home.cliWith({ env: { MACHINE_NATIVE_SSH: '1' } }, ...from)
      expect(builtIn.stdout.split(' ')[0]).toBe(jump.address)
    } finally {
      await host.exec('rm /etc/ssh/sshd_config.d/jump.conf; systemctl restart ssh')
    }
  })
})
