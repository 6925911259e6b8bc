/** `ls` on a store of every kind of row: what it prints, whole. No host is booted: an engine and an sshd of loopback answer. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { freePort } from '../kit/sshd.ts'
import { type FakeHost, startFakeHost, writeGeneric } from '../kit/store-with.ts'
import { type Identities, type Listening, listen, makeIdentities } from '../unit/engine/servers.ts'

jest.setTimeout(60_000)

let home: Home
let its: Identities
let host: FakeHost
let mute: Listening

beforeAll(async () => {
  home = await startHome()
  its = await makeIdentities(['127.0.0.1'], new Date(), 300)
  host = await startFakeHost(its)
  mute = await listen(createServer(socket => socket.on('error', () => {})))
  const closed = { address: '127.0.0.1', sshPort: await freePort(), enginePort: 2376 }
  const swarm = { IsSwarm: true, Discovery: 'token://1', Host: 'tcp://0.0.0.0:3376' }
  await writeGeneric(home.store, 'web-2', host, {
    its,
    change: record => Object.assign(record.HostOptions.EngineOptions ?? {}, { Labels: ['tier=web', 'zone=a'] }),
  })
  await writeGeneric(home.store, 'Lead', host, {
    its,
    change: record => Object.assign(record.HostOptions.SwarmOptions ?? {}, { ...swarm, Master: true }),
  })
  await writeGeneric(home.store, 'member', closed, {
    change: record => Object.assign(record.HostOptions.SwarmOptions ?? {}, swarm),
  })
  await writeGeneric(home.store, 'alien', closed, {
    change: record => Object.assign(record, { DriverName: 'hetzner' }),
  })
  await home.ok('create', '-d', 'none', '--url', `tcp://127.0.0.1:${closed.sshPort}`, 'web-10', 'web-9')
  await mkdir(join(home.store, 'machines', 'broken'))
  await writeFile(join(home.store, 'machines', 'broken', 'config.json'), '{\n')
})
afterAll(async () => {
  await host?.[Symbol.asyncDispose]()
  await mute?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

const pad = (text: string, width: number) => text.padEnd(width)
const ALL = ['alien', 'broken', 'Lead', 'member', 'web-2', 'web-9', 'web-10']

/** The lines of the table, with the widths of this store's. */
function lines(rows: string[][]): string {
  const urlWidth = Math.max(3, ...rows.map(r => r[4]?.length ?? 0)) + 3
  const widths = [0, 1, 2, 3].map(i => Math.max(...rows.map(r => r[i]?.length ?? 0)) + 3)
  const more = [5, 6].map(i => Math.max(...rows.map(r => r[i]?.length ?? 0)) + 3)
  return rows
    .map(r => r.map((cell, i) => (i === 7 ? cell : pad(cell, [...widths, urlWidth, ...more][i] ?? 0))).join(''))
    .map(line => `${line}\n`)
    .join('')
}

describe('the table', () => {
  const head = ['NAME', 'ACTIVE', 'DRIVER', 'STATE', 'URL', 'SWARM', 'DOCKER', 'ERRORS']

  test('a row of each kind, in natural order, columns as Go draws them', async () => {
    const ran = await home.cliWith({ env: { DOCKER_HOST: `tcp://127.0.0.1:3376` } }, 'ls')
    const noEngine = (await home.ok('url', 'web-9')).trim()
    const noDriver = 'Driver "hetzner" not found. Do you have the plugin binary accessible in your PATH?'
    const noRecord = 'Error getting migrated host: unexpected end of JSON input'
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toBe(
      lines([
        head,
        ['alien', '-', 'not-found', 'Error', '', '', 'Unknown', noDriver],
        ['broken', '', 'not found', 'Error', '', '', 'Unknown', noRecord],
        ['Lead', '* (swarm)', 'generic', 'Running', host.url, 'Lead (master)', 'v28.5.2', ''],
        ['member', '-', 'generic', 'Stopped', '', 'Lead', 'Unknown', ''],
        ['web-2', '-', 'generic', 'Running', host.url, '', 'v28.5.2', ''],
        ['web-9', '-', 'none', 'Running', noEngine, '', 'Unknown', ''],
        ['web-10', '-', 'none', 'Running', noEngine, '', 'Unknown', ''],
      ]),
    )
  })

  test('of an empty store: the header', async () => {
    const store = join(home.path, 'empty')
    expect(await home.ok('-s', store, 'ls')).toBe('NAME   ACTIVE   DRIVER   STATE   URL   SWARM   DOCKER   ERRORS\n')
    expect(await home.ok('-s', store, 'ls', '-q')).toBe('')
    expect(await home.ok('-s', store, 'ls', '-f', '{{.Name}}')).toBe('')
    expect(await home.ok('-s', store, 'ls', '--json')).toBe('[]\n')
    const format = 'table {{.Name}} {{.EngineOptions.Labels}} {{.EngineOptions.TLSVerify}} {{.SwarmOptions.Host}}'
    expect(await home.ok('-s', store, 'ls', '-f', format)).toBe('NAME [LABELS] TLSVERIFY HOST\n')
  })

  test('a host that does not answer costs its own row, and no more than the time given', async () => {
    await writeGeneric(home.store, 'mute', { address: '127.0.0.1', sshPort: mute.port, enginePort: mute.port }, { its })
    try {
      const all = await home.ok('ls', '-t', '1', '-f', '{{.Name}}|{{.Active}}|{{.State}}|{{.DockerVersion}}')
      expect(all.split('\n')).toEqual(expect.arrayContaining(['mute||Timeout|', 'web-2|-|Running|v28.5.2']))
      expect(await home.ok('ls', '-q', '-t', '1', '--filter', 'state=timeout')).toBe('')
      expect(await home.ok('ls', '-t', '1', '-f', '{{.Name}}', '--filter', 'state=timeout')).toBe('broken\nmute\n')
    } finally {
      await home.ok('rm', '-y', 'mute')
    }
  })
})

test('interrupted, it prints no table and exits 130', async () => {
  await writeGeneric(home.store, 'mute', { address: '127.0.0.1', sshPort: mute.port, enginePort: mute.port }, { its })
  try {
    const onStart = (pid: number) => setTimeout(() => process.kill(pid, 'SIGINT'), 2000)
    expect(await home.cliWith({ onStart, timeoutMs: 30_000 }, 'ls', '-t', '50')).toMatchObject({
      code: 130,
      stdout: '',
      stderr: 'interrupted (SIGINT)\n',
    })
  } finally {
    await home.ok('rm', '-y', 'mute')
  }
})

describe('--filter', () => {
  test.each([
    [['driver=none'], 'broken web-9 web-10'],
    [['driver=None', 'name=^web-9$'], 'broken web-9'],
    [['driver=none', 'driver=not-found'], 'alien broken web-9 web-10'],
    [['label=tier=web'], 'broken web-2'],
    [['state=Stopped'], 'broken member'],
    [['state=running', 'name=^web'], 'broken web-2 web-9 web-10'],
    [['state=error'], 'alien broken'],
    [['swarm=LEAD'], 'broken Lead member'],
    [['label=tier=web', 'state=stopped'], 'broken'],
  ])('%j, and with -q without what cannot be read', async (filters, names) => {
    const words = filters.flatMap(filter => ['--filter', filter])
    expect(await home.ok('ls', '-f', '{{.Name}}', ...words)).toBe(`${names.replaceAll(' ', '\n')}\n`)
    const loadable = names.split(' ').filter(name => name !== 'broken')
    expect(await home.ok('ls', '-q', ...words)).toBe(loadable.map(name => `${name}\n`).join(''))
  })

  test('what is no filter is refused, and exits 1', async () => {
    for (const [filter, message] of [
      ['x', 'Unsupported filter syntax'],
      ['size=3', "Unsupported filter key 'size'"],
      ['name=(', 'error parsing regexp: missing closing ): `(`'],
    ] as const) {
      const ran = await home.cli('ls', '--filter', filter)
      expect(ran).toMatchObject({ code: 1, stdout: '' })
      expect(ran.stderr.split('\n')[0]).toBe(message)
    }
  })
})

describe('--format', () => {
  const ls = (format: string, ...words: string[]) =>
    home.ok('ls', '--filter', 'name=^(web-2|member)$', '-f', format, ...words)

  test('each field', async () => {
    const format =
      '{{.Name}},{{.Active}},{{.ActiveHost}},{{.ActiveSwarm}},{{.DriverName}},{{.State}},{{.URL}},{{.SwarmOptions.Host}},{{.Swarm}},{{.EngineOptions.Labels}},{{.Error}},{{.DockerVersion}}'
    const ran = await home.cliWith({ env: { DOCKER_HOST: host.url } }, 'ls', '--filter', 'label=tier', '-f', format)
    expect(ran.stdout.split('\n')).toEqual([
      'broken,,false,false,not found,Error,,<no value>,,<no value>,Error getting migrated host: unexpected end of JSON input,Unknown',
      `web-2,*,true,false,generic,Running,${host.url},tcp://0.0.0.0:3376,,[tier=web zone=a],,v28.5.2`,
      '',
    ])
    expect(await ls('{{.ResponseTime}}')).toMatch(/^(0s|[\d.]+m?s)\n(0s|[\d.]+m?s)\n(0s|[\d.]+m?s)\n$/)
  })

  test('table: a header, columns at \\t', async () => {
    expect(await ls('table {{.Name}}\\t{{.DriverName}}\\t{{.Swarm}}')).toBe(
      'NAME     DRIVER      SWARM\nbroken   not found   \nmember   generic     Lead\nweb-2    generic     \n',
    )
    const headers =
      'table {{.ActiveHost}} {{.ActiveSwarm}} {{.SwarmOptions}} {{.EngineOptions}} {{.EngineOptions.InstallURL}} {{.ResponseTime}} {{.Error}}'
    expect((await ls(headers)).split('\n')[0]).toBe(
      'ACTIVE_HOST ACTIVE_SWARM SWARM_OPTIONS ENGINE_OPTIONS INSTALLURL RESPONSE ERRORS',
    )
    expect((await ls('table {{range .EngineOptions.Labels}}{{.}} {{end}}')).split('\n')[0]).toBe('LABELS ')
    expect(await ls('table')).toBe(await home.ok('ls', '--filter', 'name=^(web-2|member)$'))
  })

  test('escapes, conditions, json', async () => {
    expect(await ls('{{.Name}}\\t{{.State}}\\n')).toBe('broken\tError\n\nmember\tStopped\n\nweb-2\tRunning\n\n')
    expect(await ls('{{if eq .State "Running"}}{{.Name}}{{end}}')).toBe('\n\nweb-2\n')
    expect(await ls('{{printf "%-8s|%q" .Name .DockerVersion}}')).toContain('web-2   |"v28.5.2"\n')
    const rows = (await ls('{{json .}}')).trimEnd().split('\n')
    expect(rows.map(row => JSON.parse(row).Name)).toEqual(['broken', 'member', 'web-2'])
    expect(JSON.parse(rows[2] ?? '').EngineOptions).toMatchObject({ Labels: ['tier=web', 'zone=a'], TlsVerify: true })
  })

  test('what is no template is refused before any machine is asked', async () => {
    expect(await home.cli('ls', '-f', '{{.Name')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'template parsing error: line 1, column 1: unclosed action: its }} is missing\n',
    })
    const ran = await home.cli('ls', '-f', '{{.Nmae}}')
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toContain("can't evaluate field Nmae in type HostListItem; it has Name, Active,")
  })
})

test('-q: names of what can be read, in natural order; as JSON too', async () => {
  const loadable = ALL.filter(name => name !== 'broken')
  expect(await home.ok('ls', '-q')).toBe(loadable.map(name => `${name}\n`).join(''))
  expect(JSON.parse(await home.ok('ls', '-q', '--json'))).toEqual(loadable)
})

test('names that differ in case alone are two machines', async () => {
  await writeGeneric(home.store, 'LEAD', host, { its })
  try {
    expect(await home.ok('ls', '-f', '{{.Name}} {{.State}}', '--filter', 'name=(?i)^lead$')).toBe(
      'broken Error\nLEAD Running\nLead Running\n',
    )
  } finally {
    await home.ok('rm', '-y', 'LEAD')
  }
})

test('--json: all that is known of a row', async () => {
  const rows = JSON.parse(await home.ok('ls', '--json', '--filter', 'name=^Lead$')) as { responseMs: number }[]
  expect(rows[1]).toEqual({
    name: 'Lead',
    active: false,
    activeSwarm: false,
    driver: 'generic',
    state: 'Running',
    url: host.url,
    swarm: 'Lead (master)',
    docker: 'v28.5.2',
    error: '',
    expiring: [],
    problems: [],
    responseMs: expect.any(Number),
  })
})
