/** The package as a program uses it: machines made and removed, events told, work stopped by a signal, nothing printed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { leftovers } from '../kit/leftovers.ts'
import { testSubnet } from '../kit/places.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('faults'))
const env = hostEnv('library', net.cidr)
const left = () => leftovers(net.bridge, env.MACHINE_NSPAWN_STATE_DIR ?? '', /^lib-/)
const library = pathToFileURL(join(import.meta.dirname, '../../dist/lib/src/index.js')).href

/** Reports to a file: its stdout and stderr belong to whoever uses the library. */
const PROGRAM = `
import { writeFileSync } from 'node:fs'
import { connection, createMachine, listMachines, MachineError, removeMachine } from '${library}'
const o = { storagePath: process.argv[2] }
const report = {}
const events = []
const made = await createMachine({ name: 'lib-whole', driver: 'nspawn' }, { ...o, onEvent: e => events.push(e) })
report.made = made
report.phases = events.filter(e => e.type === 'phase').map(e => e.phase)
report.machines = [...new Set(events.map(e => e.machine))]
report.rows = await listMachines(o)
report.url = (await connection('lib-whole', o)).url

const controller = new AbortController()
const stop = e => { if (e.type === 'phase' && e.phase === 'wait-ssh') controller.abort(new Error('enough')) }
report.stopped = await createMachine({ name: 'lib-half', driver: 'nspawn' }, { ...o, signal: controller.signal, onEvent: stop })
  .then(() => 'made', error => error.message)
report.taken = await createMachine({ name: 'lib-half', driver: 'nspawn' }, o)
  .then(() => 'made', error => [error instanceof MachineError, error.code])
for (const name of ['lib-whole', 'lib-half']) await removeMachine(name, o)
report.left = await listMachines(o)
writeFileSync(process.argv[3], JSON.stringify(report))
`

const suite = why ? describe.skip : describe
suite(why ? `the library [${why}]` : 'the library', () => {
  afterAll(() => expect(left()).toBe(''))

  test('makes, lists, connects, stops by a signal and removes, and prints nothing', async () => {
    await using home = await startHome(env)
    const program = join(home.path, 'program.mjs')
    const told = join(home.path, 'report.json')
    writeFileSync(program, PROGRAM)
    const ran = await run(process.execPath, [program, home.store, told], { env: home.env })
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const report = JSON.parse(readFileSync(told, 'utf8'))
    expect(report.made).toMatchObject({ name: 'lib-whole', driver: 'nspawn', storePath: home.store })
    expect(report.made.url).toBe(`tcp://${report.made.address}:2376`)
    expect(report.phases).toEqual(
      ['pre-create', 'certs', 'create', 'wait-running', 'wait-ssh', 'detect-os'].concat(
        report.phases.filter((phase: string) => phase === 'provision'),
        'check-engine',
      ),
    )
    expect(report.machines).toEqual(['lib-whole'])
    expect(report.rows).toMatchObject([{ name: 'lib-whole', state: 'Running', error: '' }])
    expect(report.url).toBe(report.made.url)
    expect(report.stopped).toBe('enough')
    expect(report.taken).toEqual([true, 'ALREADY_EXISTS'])
    expect(report.left).toEqual([])
  })
})
