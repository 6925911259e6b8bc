/** A root file system whose build is killed midway, and one that two creates want at once. In a cache of its own. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { leftovers } from '../kit/leftovers.ts'
import { TEST_STATE, testSubnet } from '../kit/places.ts'

jest.setTimeout(600_000)
const why = await whyNoHosts()
const net = parseSubnet(testSubnet('crash'))
const stateDir = `${TEST_STATE}/crash-build`

const suite = why ? describe.skip : describe
suite(why ? `the build of a root file system [${why}]` : 'the build of a root file system', () => {
  let cache: string
  let home: Home
  const trees = () => readdirSync(join(cache, 'nspawn')).sort()
  const mounts = () =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter(line => line.includes(cache))

  beforeAll(async () => {
    cache = mkdtempSync('/var/tmp/machine-cache-')
    home = await startHome({
      MACHINE_NSPAWN_SUBNET: net.cidr,
      MACHINE_NSPAWN_STATE_DIR: stateDir,
      MACHINE_NSPAWN_CACHE_DIR: cache,
      MACHINE_NSPAWN_SUITE: 'bookworm', // the smallest
    })
  })
  afterAll(async () => {
    await home[Symbol.asyncDispose]()
    rmSync(cache, { recursive: true, force: true })
    expect(leftovers(net.bridge, stateDir, /^(built|waiting)-/)).toBe('')
  })

  /** Processes that work on the cache: the CLI, the script, mmdebstrap and what that runs inside the tree. */
  function builders(): number[] {
    const isOne = (pid: string) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return command.includes(cache) || readlinkSync(`/proc/${pid}/root`).startsWith(cache)
      } catch {
        return false // it ended in between
      }
    }
    return readdirSync('/proc')
      .filter(pid => /^\d+$/.test(pid) && isOne(pid))
      .map(Number)
  }

  /** Whether this is a tree of a build begun after `since`, with packages in it. */
  function isUnpacked(tree: string, since: number): boolean {
    const path = join(cache, 'nspawn', tree)
    try {
      return tree.endsWith('.building') && statSync(path).birthtimeMs > since && existsSync(join(path, 'usr/bin/dpkg'))
    } catch {
      return false // an older one, which the build throws away
    }
  }

  /** Begins a create and, once packages are being unpacked in the tree, kills the CLI: `all` of the builders too, or not. */
  async function killMidway(all: boolean): Promise<void> {
    const begun = Date.now()
    let pid = 0
    const onStart = (started: number) => {
      pid = started
    }
    const running = home.cliWith({ onStart }, 'create', '-d', 'nspawn', 'built')
    while (!existsSync(join(cache, 'nspawn')) || !trees().some(tree => isUnpacked(tree, begun))) await sleep(20)
    process.kill(pid, 'SIGKILL')
    for (; all && builders().length > 0; await sleep(20)) for (const one of builders()) killIfThere(one)
    expect((await running).signal).toBe('SIGKILL')
    while (builders().length > 0) await sleep(50) // without its owner the build ends by itself
    expect(trees().filter(tree => /^[0-9a-f]+$/.test(tree))).toEqual([])
  }

  test('ends when the CLI is killed, and rm removes the machine', async () => {
    await killMidway(false)
    expect(mounts()).toEqual([])
    expect((await home.cli('rm', '-y', 'built')).code).toBe(0)
  })

  test('killed with all its processes, is begun anew by the next create; of two at once the second waits', async () => {
    await killMidway(true)
    expect((await home.cli('rm', '-y', 'built')).code).toBe(0)
    const made = await Promise.all(['built', 'waiting'].map(name => home.cli('create', '-d', 'nspawn', name)))
    expect(made.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, expect.stringContaining('up and running')],
      [0, expect.stringContaining('up and running')],
    ])
    const waited = made.filter(({ stderr }) =>
      stderr.includes('Waiting for another build of the same root file system'),
    )
    expect(waited).toHaveLength(1)
    expect(trees()).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), expect.stringMatching(/\.lock$/)])
    expect(mounts()).toEqual([])
    for (const name of ['built', 'waiting']) expect(await home.dockerOk(name, 'ps', '-q')).toBe('')
  })
})

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended in between
  }
}
