/** The watch's script for real, in the shells of this computer, with files of a temporary folder. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readDrift } from '../../../../agent/health/drift.ts'
import { HOST } from '../../../../agent/protocol.ts'
import { PLAN_LINES, planFiles, WATCH_SCRIPT, watchService, watchTimer } from '../../../../provisioning/agent/watch.ts'
import { watchScript } from '../../../../provisioning/agent/watch-script.ts'

let folder: string
let out: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'))
  await mkdir(join(folder, 'run'))
  await mkdir(join(folder, 'bin'))
  out = join(folder, 'run/drift.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Programs of the host that answer as the test says; `nft` that fails by default, so that this computer's is not asked. */
async function tools(scripts: Record<string, string>): Promise<void> {
  const hosts = {
    systemctl: 'exit 3',
    'rc-service': 'exit 3',
    nft: 'exit 1',
    iptables: 'exit 1',
    'firewall-cmd': 'exit 1',
  }
  for (const [name, body] of Object.entries({ ...hosts, ...scripts }))
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
}

async function watch(plan: Parameters<typeof planFiles>[0], shell = ['dash']) {
  const planPath = join(folder, 'plan.lines')
  await writeFile(planPath, planFiles(plan)[1]?.text ?? '')
  const script = watchScript({ plan: planPath, out, own: join(folder, 'own') })
  const [program = '', ...args] = shell
  const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
  const ran = spawnSync(program, [...args, '-s'], { input: script, encoding: 'utf8', env })
  expect(ran.stderr).toBe('')
  return await readDrift(out)
}

describe.each([[['dash']], [['bash', '--posix']], [['busybox', 'sh']]])('in %j', shell => {
  test('files that are as they were, changed, gone; odd names', async () => {
    const [same, odd, changed, gone] = ['same', `o"d\\d 'na me`, 'changed', 'gone'].map(name => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ]
    for (const path of [same, odd, changed]) await writeFile(path, 'text')
    await tools({})
    const files = { [same]: sha256('text'), [odd]: sha256('other'), [changed]: sha256('before'), [gone]: sha256('') }
    const drift = await watch({ files, units: [], port: 1 }, shell)
    expect(drift).toMatchObject({ files: { [odd]: 'changed', [changed]: 'changed', [gone]: 'missing' }, units: [] })
    expect(Object.keys(drift?.files ?? {})).not.toContain(same)
    expect(Math.abs(Date.parse(drift?.checked ?? '') - Date.now())).toBeLessThan(3_600_000)
    expect((await stat(out)).mode & 0o777).toBe(0o644)
  })

  test('units, and a port nothing listens on', async () => {
    const is = '[ "$*" = "is-active --quiet up.service" ] || [ "$*" = "up status" ]'
    await tools({ systemctl: is, 'rc-service': is })
    const drift = await watch({ files: {}, units: ['up.service', 'down.socket'], port: 1 }, shell)
    expect(drift).toMatchObject({ units: ['down.socket'], listening: false })
    expect(drift?.portOpen).toBeUndefined()
  })

  test('a unit that is being restarted is no finding', async () => {
    const asked = join(folder, 'asked')
    const not = `[ -e ${asked} ] || { touch ${asked}; exit 3; }`
    await tools({ systemctl: not, 'rc-service': not })
    const drift = await watch({ files: {}, units: ['restarted.service', 'up.service'], port: 1 }, shell)
    expect(drift).toMatchObject({ units: [] })
  })

  const chain = (policy: string, rule: string) =>
    `cat <<'EOF'\ntable inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n\t\tct state established,related accept\n${rule}\t}\n\tchain output {\n\t\ttype filter hook output priority filter; policy drop;\n\t}\n}\nEOF`
  test.each([
    ['accept', '', true],
    ['drop', '', false],
    ['accept', '\t\tcounter packets 1 bytes 2 drop\n', false],
    ['accept', '\t\treject with icmpx admin-prohibited\n', false],
    ['drop', '\t\ttcp dport 2376 accept comment "machine 2376"\n', true],
    ['drop', '\t\ttcp dport { 22, 2300-2400 } ct state new accept\n', true],
    ['drop', '\t\ttcp dport { 22, 80 } accept\n', false],
    ['drop', '\t\tudp dport 2376 accept\n', false],
    ['drop', '\t\tip saddr 10.0.0.1 tcp dport 2376 accept\n', false],
  ])('nftables: policy %s and %j: open %s', async (policy, rule, open) => {
    await tools({ nft: chain(policy, rule) })
    expect((await watch({ files: {}, units: [], port: 2376 }, shell))?.portOpen).toBe(open)
  })

  test.each([
    ['-P INPUT ACCEPT', true],
    ['-P INPUT DROP', false],
    ['-P INPUT ACCEPT\n-A INPUT -j REJECT --reject-with icmp-port-unreachable', false],
    ['-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 2376 -j ACCEPT', true],
    ['-P INPUT DROP\n-A INPUT -p tcp -m multiport --dports 22,2370:2380 -j ACCEPT', true],
    ['-P INPUT DROP\n-A INPUT -s 10.0.0.1/32 -p tcp -m tcp --dport 2376 -j ACCEPT', false],
  ])('iptables: %j: open %s', async (rules, open) => {
    await tools({ iptables: `cat <<'EOF'\n${rules}\nEOF` })
    expect((await watch({ files: {}, units: [], port: 2376 }, shell))?.portOpen).toBe(open)
  })
})

test('a port that is listened on', async () => {
  await tools({})
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  expect((await watch({ files: {}, units: [], port }))?.listening).toBe(true)
  server.close()
})

test('a link in the agent’s folder leads root nowhere', async () => {
  await tools({})
  const victim = join(folder, 'victim')
  await writeFile(victim, 'precious')
  await symlink(victim, out)
  expect(await watch({ files: {}, units: [], port: 1 })).toBeDefined()
  expect(await readFile(victim, 'utf8')).toBe('precious')
  await rm(out)
  await mkdir(join(folder, 'there'))
  await symlink(join(folder, 'there'), out)
  expect(await watch({ files: {}, units: [], port: 1 })).toBeDefined()
  await expect(stat(join(folder, 'there/drift.json'))).rejects.toThrow('ENOENT')
})

test('without the agent’s folder nothing is written', async () => {
  await tools({})
  await rm(join(folder, 'run'), { recursive: true })
  expect(await watch({ files: {}, units: [], port: 1 })).toBeUndefined()
})

test('the plan as JSON and as lines; a name that breaks lines is refused', () => {
  const plan = { files: { '/etc/docker/daemon.json': 'ab' }, units: ['docker.service'], port: 2376 }
  const [json, lines] = planFiles(plan)
  expect(json).toMatchObject({ path: HOST.plan, mode: 0o644 })
  expect(JSON.parse(json?.text ?? '')).toEqual(plan)
  expect(lines).toEqual({
    path: PLAN_LINES,
    mode: 0o644,
    text: 'file ab /etc/docker/daemon.json\nunit docker.service\nport 2376\n',
  })
  expect(() => planFiles({ ...plan, files: { '/a\nunit x': 'ab' } })).toThrow('cannot be watched')
})

test('script and units name the files of the host', () => {
  expect(WATCH_SCRIPT).toContain(`PLAN=/etc/machine-agent/plan.lines OUT=${HOST.drift} `)
  expect(watchService).toContain('ExecStart=/bin/sh /usr/local/lib/machine-agent/watch.sh\n')
  expect(watchTimer).toContain('OnUnitInactiveSec=60\n')
})
