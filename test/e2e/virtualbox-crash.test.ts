/**
 * kill -9 of the CLI at every call of VBoxManage that create and rm make: before it had an effect, and after. `rm` then takes
 * away all there is, from whatever was written down; nobody is in the VMs. Three stand-ins at a time, each takes its turn.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { cloudImage } from '../kit/virtualbox/cloud-image.ts'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'

jest.setTimeout(240_000)
const SIDE_BY_SIDE = 3

interface Bench extends AsyncDisposable {
  readonly vbox: VirtualBoxStandIn
  readonly home: Home
}

async function startBench(): Promise<Bench> {
  const vbox = await startVirtualBox({ delays: { acpiMs: 20, unlockMs: 20 } })
  const home = await startHome({ ...vbox.env, XDG_DATA_HOME: undefined })
  return {
    vbox,
    home,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]()
      await vbox[Symbol.asyncDispose]()
    },
  }
}

/** All but what is for all machines, and the image, which VirtualBox may have in its list until it is converted. */
const left = ({ vbox }: Bench) =>
  vbox.left().filter(thing => !/^(hostonlyif|dhcpserver) |\/images\/|\/cloud-image-/.test(thing))
const machines = ({ home }: Bench) =>
  existsSync(join(home.store, 'machines')) ? readdirSync(join(home.store, 'machines')) : []

/** Runs the CLI, killed at its nth call of VBoxManage; false: it made fewer. */
async function dieAt({ vbox, home }: Bench, n: number, when: 'before' | 'after', ...args: string[]): Promise<boolean> {
  let pid = 0
  vbox.killAt(n, when, () => process.kill(pid, 'SIGKILL'))
  const ran = await home.cliWith(
    {
      onStart: started => {
        pid = started
      },
    },
    ...args,
  )
  return ran.signal === 'SIGKILL'
}

const create = ({ home }: Bench) => [
  ...['create', '-d', 'virtualbox', '--virtualbox-image', cloudImage(home.path), '--virtualbox-no-share'],
  ...['--virtualbox-hostonly-address', '192.168.59.30', 'dev'],
]

/** What each call was, by its first words. */
const wordsOf = (bench: Bench) => bench.vbox.calls.map(call => call.argv.slice(0, 2).join(' '))

describe('killed in create', () => {
  /** The call that starts the VM. What comes after it are looks, and then only SSH is waited for, in vain. */
  let last = Number.POSITIVE_INFINITY
  // Between a call and the next is little more than a checkpoint: of those before, some will do.
  test.each([
    ['after each call', 'after', 1],
    ['before every third', 'before', 3],
  ] as const)('%s', async (_, when, step) => {
    const seen = new Set<string>()
    let next = step as number
    const take = () => {
      next += step
      return next - step
    }
    await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, async () => {
        await using bench = await startBench()
        for (let n = take(); n <= last; n = take()) {
          const before = bench.vbox.calls.length
          if (!(await dieAt(bench, n, when, ...create(bench)))) throw new Error(`create ended before call ${n}`)
          const words = wordsOf(bench).slice(before)
          for (const each of words) seen.add(each)
          if (words.some(each => each.startsWith('startvm'))) last = Math.min(last, n)
          if (machines(bench).length > 0) await bench.home.ok('rm', '-y', 'dev')
          await bench.vbox.settled()
          expect([n, left(bench), machines(bench)]).toEqual([n, [], []])
        }
        expect(bench.vbox.complaints).toEqual([])
        // What was left of the network was taken by the next create: there is one, and it has the address.
        const nets = bench.vbox.left().filter(thing => thing.startsWith('hostonlyif'))
        expect(nets.length).toBeLessThanOrEqual(1)
      }),
    )
    if (when === 'before') return // it goes less far
    expect([...seen].map(each => each.split(' ')[0])).toEqual(
      expect.arrayContaining([
        'clonemedium',
        'createmedium',
        'createvm',
        'storageattach',
        'hostonlyif',
        'dhcpserver',
        'startvm',
      ]),
    )
  })
})

describe('killed in rm', () => {
  test.each(['before', 'after'] as const)('%s each call', async when => {
    await using bench = await startBench()
    for (let n = 1; ; n++) {
      // A whole one: what comes after its start are looks, for ever, for nobody answers.
      const begun = bench.vbox.calls.length
      let pid = 0
      const running = bench.home.cliWith(
        {
          onStart: id => {
            pid = id
          },
        },
        ...create(bench),
      )
      while (
        !wordsOf(bench)
          .slice(begun)
          .some(each => each.startsWith('startvm'))
      )
        await new Promise(r => setTimeout(r, 20))
      process.kill(pid, 'SIGKILL')
      await running
      const died = await dieAt(bench, n, when, 'rm', '-y', 'dev')
      if (machines(bench).length > 0) await bench.home.ok('rm', '-y', 'dev')
      await bench.vbox.settled()
      expect([n, left(bench), machines(bench)]).toEqual([n, [], []])
      if (!died) {
        expect(n).toBeGreaterThan(3)
        break
      }
    }
    expect(bench.vbox.complaints).toEqual([])
  })
})
