/** What a Tab offers, from the table of the real commands. The shells themselves: test/e2e/completion.test.ts. */
import { describe, expect, test } from '@jest/globals'
import { type AnyDriver, defineDriver } from '../../../drivers/driver.ts'
import { drivers } from '../../../drivers/index.ts'
import { COMMANDS } from '../../../src/commands.ts'
import { complete, NO_FILES, NO_SPACE, ONLY_FOLDERS } from '../../../src/completion/complete.ts'
import { completionTable, type Table } from '../../../src/completion/table.ts'
import { oclifFlags } from '../../../src/driver-flags.ts'

const table = completionTable(COMMANDS, drivers)
const NAMES = ['dev', 'dev2', 'my box', 'web']

/** The candidates for a line; it ends with a space where a new word begins. */
async function at(line: string, driver?: string, of: Table = table) {
  const asked: (string | undefined)[] = []
  const world = {
    driver,
    names: async (path: string | undefined) => {
      asked.push(path)
      return NAMES
    },
  }
  const { candidates, directive } = await complete(line.split(' '), of, world)
  return { texts: candidates.map(c => c.text), directive, asked }
}

describe('commands', () => {
  test('by their beginnings, each with its summary', async () => {
    expect((await at('st')).texts).toEqual(['start', 'status', 'stop'])
    expect((await at('')).texts).toEqual(
      expect.arrayContaining([...Object.keys(COMMANDS).filter(name => !name.includes(':')), 'agent', 'help']),
    )
    expect((await at('help prov')).texts).toEqual(['provision'])
    const { candidates } = await complete(['ip'], table, { driver: undefined, names: async () => [] })
    expect(candidates).toEqual([{ text: 'ip', help: 'Print the addresses of machines' }])
  })

  test('behind flags of the program; there only those', async () => {
    expect((await at('--debug -s /store sta')).texts).toEqual(['start', 'status'])
    expect((await at('--tls-ca-c')).texts).toEqual(['--tls-ca-cert'])
    expect((await at('--quiet')).texts).toEqual([])
  })

  test('of two words: the first like any other, then what may follow it, then its machines and flags', async () => {
    expect((await at('ag')).texts).toEqual(['agent'])
    expect((await at('agent ')).texts).toEqual(['logs', 'restart', 'status', 'upgrade'])
    expect((await at('-D agent st')).texts).toEqual(['status'])
    expect((await at('agent status d')).texts).toEqual(['dev', 'dev2'])
    expect((await at('agent logs --fo')).texts).toEqual(['--follow'])
    expect(await at('agent nix ')).toMatchObject({ texts: [], directive: NO_FILES })
  })

  test('one that is none offers nothing, not even files', async () => {
    expect(await at('nix ')).toMatchObject({ texts: [], directive: NO_FILES })
  })
})

describe('machines', () => {
  test('one where one is taken, several where several are, none twice', async () => {
    expect((await at('env d')).texts).toEqual(['dev', 'dev2'])
    expect((await at('env dev ')).texts).toEqual([])
    expect((await at('ip dev ')).texts).toEqual(['dev2', 'my box', 'web'])
    expect((await at('rm -f dev web d')).texts).toEqual(['dev2'])
    expect((await at('ip -- d')).texts).toEqual(['dev', 'dev2'])
    expect((await at('ip -- -')).texts).toEqual([])
  })

  test('of the store the line names', async () => {
    expect((await at('ip d')).asked).toEqual([undefined])
    expect((await at('-s /a ip d')).asked).toEqual(['/a'])
    expect((await at('ip --storage-path=/b d')).asked).toEqual(['/b'])
    expect((await at('ip -s/c d')).asked).toEqual(['/c'])
    expect((await at('ip -storage-path /d d')).asked).toEqual(['/d'])
  })

  test('create takes a new name: none is offered, and no file', async () => {
    expect(await at('create d')).toEqual({ texts: [], directive: NO_FILES, asked: [] })
  })

  test('ssh: a machine, then it is the remote command’s line', async () => {
    expect((await at('ssh w')).texts).toEqual(['web'])
    for (const line of ['ssh web ', 'ssh web -', 'ssh web -- ls --storage-path '])
      expect(await at(line)).toMatchObject({ texts: [], directive: NO_FILES })
  })
})

describe('flags', () => {
  test('of the command and of the program, those given no more, lists again and again', async () => {
    expect((await at('ls --qu')).texts).toEqual(['--quiet'])
    expect((await at('ls -q --qu')).texts).toEqual([])
    expect((await at('ls --log-f')).texts).toEqual(['--log-format'])
    expect((await at('create --engine-label a=b --engine-l')).texts).toEqual([
      '--engine-label',
      '--engine-live-restore',
      '--engine-log-rotation',
    ])
    expect((await at('create --no-')).texts).toEqual(['--no-engine-live-restore', '--no-engine-log-rotation'])
    expect((await at('env --no-')).texts).toEqual(['--no-proxy', '--no-check'])
  })

  test.each(['create -d nspawn --n', 'create --driver=nspawn --n', 'create -dnspawn --n', 'create -driver nspawn --n'])(
    'of the driver %s names',
    async line => {
      const { texts } = await at(line)
      expect(texts).toEqual(expect.arrayContaining(['--nspawn-suite', '--nspawn-subnet']))
    },
  )

  test('of MACHINE_DRIVER’s driver, of the line’s before that, and of no other', async () => {
    expect((await at('create --ge')).texts).toEqual([])
    expect((await at('create --ge', 'generic')).texts).toContain('--generic-ssh-key')
    expect((await at('create -d nspawn --ge', 'generic')).texts).toEqual([])
  })

  test('hidden ones are not offered', async () => {
    const hidden = Object.entries(COMMANDS.create.flags)
      .filter(([name, flag]) => flag.hidden && !drivers.some(d => name.startsWith(d.name)))
      .map(([name]) => `--${name}`)
    const { texts } = await at('create --')
    expect(texts.filter(t => hidden.includes(t) && t !== '--url')).toEqual([])
  })
})

describe('values of flags', () => {
  test('the only ones there are: drivers, shells, suites, formats', async () => {
    expect((await at('create -d ')).texts).toEqual(drivers.map(d => d.name))
    expect((await at('create --driver=n')).texts).toEqual(['--driver=nspawn', '--driver=none'])
    expect((await at('env --shell f')).texts).toEqual(['fish'])
    expect((await at('create -d nspawn --nspawn-suite ')).texts).toEqual(['bookworm', 'trixie', 'forky'])
    expect((await at('ls --log-format=')).texts).toEqual(['--log-format=text', '--log-format=json'])
    expect((await at('completion ')).texts).toEqual(['bash', 'zsh', 'fish', 'powershell'])
    expect((await at('cli-plugin u')).texts).toEqual(['uninstall'])
  })

  test('files and folders are the shell’s to offer', async () => {
    expect(await at('ls --tls-ca-cert ')).toMatchObject({ texts: [], directive: 0 })
    expect(await at('ls --tls-ca-cert=/e')).toMatchObject({ texts: [], directive: 0 })
    expect(await at('create -d generic --generic-ssh-key ')).toMatchObject({ texts: [], directive: 0 })
    expect(await at('ls -s ')).toMatchObject({ texts: [], directive: ONLY_FOLDERS })
    expect(await at('create --engine-label ')).toMatchObject({ texts: [], directive: NO_FILES })
    expect(await at('ls --quiet=')).toMatchObject({ texts: [], directive: NO_FILES })
  })
})

test('places on machines: NAME: without a space behind it, else files of here; behind the colon nothing', async () => {
  const scp: Table = {
    globals: [],
    topics: {},
    commands: { scp: { help: '', operands: ['remote-path'], repeats: true, flags: [] } },
  }
  expect(await at('scp d', undefined, scp)).toMatchObject({ texts: ['dev:', 'dev2:'], directive: NO_SPACE })
  expect((await at('scp a.txt me@w', undefined, scp)).texts).toEqual(['me@web:'])
  expect(await at('scp dev:/e', undefined, scp)).toMatchObject({ texts: [], directive: NO_FILES })
})

test('other names of a flag are understood and not offered', async () => {
  const cloud = defineDriver({
    ...(drivers[0] as AnyDriver),
    name: 'cloud',
    flags: { disk: { type: 'string', help: 'disk', options: ['ssd', 'tape'], aliases: ['cloud-volume'] } },
  }) as AnyDriver
  const flags = oclifFlags([cloud], 'cloud')
  const create = { summary: 'Make', usage: 'create NAME', flags, baseFlags: {}, args: {}, hidden: false }
  const its = completionTable({ create }, [cloud])
  expect((await at('create --cloud', 'cloud', its)).texts).toEqual(['--cloud-disk'])
  expect((await at('create --cloud-volume ', 'cloud', its)).texts).toEqual(['ssd', 'tape'])
  expect((await at('create --cloud-volume=t', 'cloud', its)).texts).toEqual(['--cloud-volume=tape'])
  expect((await at('create --cloud-volume ssd --cloud', 'cloud', its)).texts).toEqual([])
})
