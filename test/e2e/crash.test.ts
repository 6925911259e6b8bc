/**
 * kill -9 of the CLI at every point of create, rm, start, stop and kill. Each run proves that its point was reached. After
 * it the machine is either removed or brought to its end, in turns, and nothing of it is left on this computer.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { leftovers } from '../kit/leftovers.ts'
import { TEST_STATE, testSubnet } from '../kit/places.ts'
import { runPassing } from '../kit/points.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('crash'))
const stateDir = `${TEST_STATE}/crash`
const env = { MACHINE_NSPAWN_SUBNET: net.cidr, MACHINE_NSPAWN_STATE_DIR: stateDir }
const left = () => leftovers(net.bridge, stateDir, /^crashed-/)
const create = ['create', '-d', 'nspawn', 'crashed']

/** The points of a create in an empty store. One more in the product is one more line here: the first test compares. */
const CREATE = [
  'ca.pem pending',
  'ca-key.pem written',
  'cert.pem pending',
  'key.pem written',
  'name claimed',
  'key made',
  'state saved',
  'nspawn root file system there',
  'nspawn address claimed',
  'state saved',
  'nspawn tree copied',
  'nspawn tree ready',
  'nspawn network up',
  'nspawn booted',
  'instance made',
  'ssh answered',
  'provision server-certificate',
  'provision engine-settings',
  'certificates copied',
]
/** After a kill at one of these the machine is brought to its end; after one at any other it is removed. */
const GOES_ON = [3, 7, 11, 13, 16, 18]
const RM = ['nspawn folder removed', 'nspawn network removed', 'instance removed']

/** Runs the command, which must die at its `n`th point, named `label`. */
async function die(home: Home, n: number, label: string, ...args: string[]): Promise<void> {
  const { signal, points, stderr } = await runPassing(home, n, ...args)
  expect({ signal, last: points.at(-1), count: points.length, stderr }).toEqual({
    signal: 'SIGKILL',
    last: label,
    count: n,
    stderr: expect.any(String),
  })
}

/** Machines, half machines, locks and temporary files of the store; the certificates' lock of a dead owner holds nobody up. */
function remains(home: Home): string[] {
  const folders = ['machines', 'locks', 'certs'].map(f => join(home.store, f)).filter(f => existsSync(f))
  return folders
    .flatMap(f => readdirSync(f))
    .filter(name => !/^((ca|ca-key|cert|key)\.pem(\.pending)?|\.certs\.lock)$/.test(name))
}

const suite = why ? describe.skip : describe
suite(why ? `killed [${why}]` : 'killed', () => {
  afterAll(() => expect(left()).toBe(''))

  describe('in create', () => {
    let ready: Home
    beforeAll(async () => {
      expect(left()).toBe('')
      ready = await startHome({ ...env, ...CLASSIC })
    })
    afterAll(async () => await ready?.[Symbol.asyncDispose]())

    test('the points of a whole create and rm are those killed at below', async () => {
      const made = await runPassing(ready, undefined, ...create)
      expect([made.stderr, made.points]).toEqual([expect.stringContaining('up and running'), CREATE])
      expect((await runPassing(ready, undefined, 'rm', '-y', 'crashed')).points).toEqual(RM)
      expect([left(), remains(ready)]).toEqual(['', []])
    })

    test.each(CREATE.map((label, i) => ({ n: i + 1, label })))('at $n: $label', async ({ n, label }) => {
      await using home = await startHome({ ...env, ...CLASSIC })
      await die(home, n, label, ...create)

      const claimed = n >= 5
      const rows = JSON.parse(await home.ok('ls', '--json'))
      expect(rows.map((row: { name: string }) => row.name)).toEqual(claimed ? ['crashed'] : [])
      if (claimed) expect(rows[0].error).toMatch(/was interrupted: machine (rm|provision) crashed/)

      const turn = GOES_ON.indexOf(n)
      if (turn >= 0) {
        await goOn(home, claimed)
        const at = turn % RM.length // so that the rm of a whole machine dies at each of its own points
        await die(home, at + 1, RM[at] ?? '', 'rm', '-y', 'crashed')
        expect((await home.cli('ls')).code).toBe(0)
      }
      const removed = await home.cli('rm', '-y', 'crashed')
      expect([removed.code, removed.stderr]).toEqual(
        claimed || turn >= 0
          ? [0, expect.stringContaining('Successfully removed crashed')]
          : [1, expect.stringContaining('does not exist')],
      )
      expect([left(), remains(home)]).toEqual(['', []])
    })

    /** What the texts of ls and create say one can do, until docker answers. */
    async function goOn(home: Home, claimed: boolean): Promise<void> {
      const [row] = JSON.parse(await home.ok('ls', '--json'))
      if (row?.error.includes('provision')) await home.ok('provision', 'crashed')
      else if (claimed) await home.ok('create', '--resume', '-d', 'nspawn', 'crashed')
      else await home.ok(...create)
      expect(await home.dockerOk('crashed', 'version', '--format', '{{.Server.Os}}')).toBe('linux')
    }
  })

  describe('while a machine is switched', () => {
    let home: Home
    const status = async () => (await home.ok('status', 'crashed')).trim()
    beforeAll(async () => {
      home = await startHome({ ...env, ...CLASSIC })
      await home.ok(...create)
    })
    afterAll(async () => await home?.[Symbol.asyncDispose]())

    test.each(['stop', 'kill'])('%s: it is stopped, and starts', async verb => {
      await die(home, 1, verb === 'stop' ? 'nspawn stopped' : 'nspawn killed', verb, 'crashed')
      expect(await status()).toBe('Stopped')
      await home.ok('start', 'crashed')
      expect(await home.dockerOk('crashed', 'info', '--format', '{{.OSType}}')).toBe('linux')
    })

    test.each([
      [1, 'nspawn network up', 'Stopped'],
      [2, 'nspawn booted', 'Running'],
    ] as const)('start at %i: %s, it is %s', async (n, label, then) => {
      await home.ok('stop', 'crashed')
      await die(home, n, label, 'start', 'crashed')
      expect(await status()).toBe(then)
      const again = await home.cli('start', 'crashed')
      expect(again.stderr).toContain(then === 'Running' ? 'is already running' : 'was started')
      await home.ok('provision', 'crashed') // waits until the engine answers
      expect(await home.dockerOk('crashed', 'info', '--format', '{{.OSType}}')).toBe('linux')
    })
  })
})
