/** Host-only interfaces: Linux, Windows, and macOS before VirtualBox 7. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { MachineError } from '../../src/errors.ts'
import { failureBehind } from './failure.ts'
import { type Listed, readList } from './listings.ts'
import { type Network, toAddress } from './network.ts'
import { vbox } from './run.ts'
import type { Here } from './state.ts'

/** After that long nobody comes back for it, and a new interface is more likely somebody else's. */
const PENDING_MS = 600_000

export async function listInterfaces(here: Here): Promise<Listed[]> {
  return readList(await vbox(['list', 'hostonlyifs'], here, { doing: 'list host-only networks' }))
}

/** The interface with this computer's address of the network. */
export function interfaceOf(net: Network, listed: readonly Listed[]): string | undefined {
  return listed.find(each => each.get('IPAddress') === net.own && each.get('NetworkMask') === net.netmask)?.get('Name')
}

/**
 * The interface's name, made where there is none. `pending` is a file that tells, while one is made, which there were before:
 * what a process that died just then left is taken by the next one, and not lost. Needs the lock.
 */
export async function haveInterface(net: Network, pending: string, here: Here): Promise<string> {
  const listed = await listInterfaces(here)
  const there = interfaceOf(net, listed)
  if (there !== undefined) return there
  const names = namesOf(listed)
  const orphan = await orphanOf(pending, names)
  if (orphan === undefined) await writeFile(pending, JSON.stringify(names))
  const name = orphan ?? (await create(names, here))
  try {
    await vbox(['hostonlyif', 'ipconfig', name, '--ip', net.own, '--netmask', net.netmask], here, {
      doing: `give ${name} the address ${net.own}`,
    })
  } catch (error) {
    await vbox(['hostonlyif', 'remove', name], here, { doing: `remove ${name} again` }).catch(() => {}) // the first error counts
    await rm(pending, { force: true })
    throw isRefused(error) ? rangeRefused(net, error) : error
  }
  here.point('virtualbox interface configured')
  await rm(pending, { force: true })
  return name
}

async function create(before: readonly string[], here: Here): Promise<string> {
  const said = await vbox(['hostonlyif', 'create'], here, { doing: 'make a host-only network' }).catch(async error => {
    // Windows reports failures of drivers that do work: what counts is whether there is one more now.
    const made = namesOf(await listInterfaces(here)).find(name => !before.includes(name))
    if (made === undefined) throw error
    return `Interface '${made}' was successfully created`
  })
  here.point('virtualbox interface made')
  const name =
    /Interface '(.+)' was successfully created/.exec(said)?.[1] ??
    namesOf(await listInterfaces(here)).find(each => !before.includes(each))
  if (name !== undefined) return name
  throw new MachineError('VBOX_NETWORK', 'VirtualBox made a host-only network and does not list it', {
    hints: [
      'VBoxManage list hostonlyifs shows what there is; restarting this computer helps where its drivers are stuck',
    ],
  })
}

/** What somebody was making when his process died. */
async function orphanOf(pending: string, now: readonly string[]): Promise<string | undefined> {
  const since = await stat(pending).catch(() => undefined)
  if (!since || Date.now() - since.mtimeMs > PENDING_MS) return undefined
  const text = await readFile(pending, 'utf8')
  try {
    const before = JSON.parse(text) as unknown
    const added = Array.isArray(before) ? now.filter(name => !before.includes(name)) : []
    // Two could be anybody's.
    return added.length === 1 ? added[0] : undefined
  } catch {
    return undefined // half written: nothing was made yet
  }
}

function namesOf(listed: readonly Listed[]): string[] {
  return listed.map(each => each.get('Name') ?? '')
}

function isRefused(error: unknown): boolean {
  return /E_ACCESSDENIED/.test(failureBehind(error)?.said ?? '')
}

/** What people see when VirtualBox lets no host-only network have this address. */
export function rangeRefused(net: Network, cause?: unknown): MachineError {
  const range = `${toAddress(net.base)}/${net.prefix}`
  return new MachineError('VBOX_RANGE', `VirtualBox allows no host-only network ${range} on this computer`, {
    hints: [
      `allow it, as root, with a line in /etc/vbox/networks.conf: * 192.168.56.0/21 ${range}`,
      'or take one that is allowed: without --virtualbox-hostonly-cidr (VIRTUALBOX_HOSTONLY_CIDR) it is 192.168.59.1/24',
    ],
    cause,
  })
}
