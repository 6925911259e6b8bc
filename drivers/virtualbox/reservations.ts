/**
 * Fixed addresses of a person's machines, so that no two have the same: nobody can be asked, for a VM that is off answers
 * nothing. A file beside the lock of the networks says which VM has which; those of VMs that are gone are free again.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import { readVms } from './listings.ts'
import { fixedAddresses, type Network } from './network.ts'
import { inTurn } from './networks-lock.ts'
import { vbox } from './run.ts'
import type { Here } from './state.ts'

/** A VM that is not there by then will not be made any more. */
const PENDING_MS = 24 * 3600_000

type Reservations = Record<string, { readonly vm: string; readonly since: number }>

/** The address that was asked for, or a free one. Throws VBOX_ADDRESS where another machine has it, or all are taken. */
export async function reserveAddress(asked: string | undefined, net: Network, vm: string, here: Here): Promise<string> {
  return await inTurn(here, async folder => {
    const file = join(folder, 'addresses.json')
    const vms = new Map(
      readVms(await vbox(['list', 'vms'], here, { doing: 'list its VMs' })).map(({ id, name }) => [id, name]),
    )
    const kept = Object.fromEntries(
      Object.entries(await read(file)).filter(([, each]) => vms.has(each.vm) || Date.now() - each.since < PENDING_MS),
    )
    const has = (address: string) => kept[address] !== undefined && kept[address]?.vm !== vm
    const address = asked ?? fixedAddresses(net).find(each => !has(each))
    if (address === undefined)
      throw new MachineError('VBOX_ADDRESS', 'no address is left for the host in the host-only network', {
        hints: ['name one with --virtualbox-hostonly-address, or a larger network with --virtualbox-hostonly-cidr'],
      })
    const owner = vms.get(kept[address]?.vm ?? '')
    // One of a VM that never came to be is nobody's, for who asks for it by name.
    if (has(address) && owner !== undefined)
      throw new MachineError('VBOX_ADDRESS', `${address} is the address of "${owner}"`, {
        hints: ['choose another with --virtualbox-hostonly-address'],
      })
    await writeFile(file, `${JSON.stringify({ ...kept, [address]: { vm, since: Date.now() } }, undefined, 1)}\n`)
    return address
  })
}

async function read(file: string): Promise<Reservations> {
  try {
    const found = JSON.parse(await readFile(file, 'utf8')) as unknown
    if (found !== null && typeof found === 'object') return found as Reservations
  } catch {
    // none yet, or half written when the computer went down
  }
  return {}
}
