/** The way to a machine that runs: its sshd, and its engine. */
import { hasCode, MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx, Instance } from '../driver.ts'
import { answers } from '../reach.ts'
import { ASK, parseAddresses } from './addresses.ts'
import { containerAddresses, publishedPort } from './containers.ts'
import { type Places, placesOf } from './places.ts'
import { providerOf } from './providers.ts'
import { forget, remember, remembered } from './remembered.ts'
import { LOOK_MS, runVagrant } from './run.ts'
import { parseSshConfig, type SshFacts } from './ssh-config.ts'
import type { State } from './state.ts'

export interface Reached {
  readonly address: string
  readonly user: string
  readonly port: number
  readonly keyPath?: string
  /** The engine's port is forwarded from here to there. */
  readonly enginePort?: number
}

type Asking = Pick<Ctx, 'env' | 'signal' | 'say' | 'machineDir'>

/** A machine on a network of this computer answers at once, or it is another that is reached. */
const ANSWER_MS = 2_000

/** How the machine is reached now; undefined where it does not run. Throws VAGRANT_UNREACHABLE where nothing leads to its engine. */
export async function reach(state: State, ctx: Asking): Promise<Reached | undefined> {
  const places = placesOf(state, ctx)
  const facts = await sshFacts(state, places, ctx)
  if (!facts) {
    await forget(places)
    return undefined
  }
  const way = await wayTo(facts, state, places, ctx)
  await remember(state, places, ctx.env, way)
  return way
}

/** The instance that is reached so. */
export function running({ address, user, port, keyPath, enginePort }: Reached): Instance {
  return {
    status: 'Running',
    address,
    ssh: { user, port, ...(keyPath ? { keyPath } : {}) },
    ...(enginePort === undefined ? {} : { enginePort }),
  }
}

async function sshFacts(state: State, places: Places, ctx: Asking): Promise<SshFacts | undefined> {
  const doing = `find the way to "${state.VmName}"`
  const ran = await runVagrant(['ssh-config', state.VmName], places, state, ctx, { doing, deadlineMs: LOOK_MS }).catch(
    error => {
      if (hasCode(error, 'VAGRANT_NOT_READY')) return undefined
      throw error
    },
  )
  return ran && parseSshConfig(ran.plain)
}

async function wayTo(facts: SshFacts, state: State, places: Places, ctx: Asking): Promise<Reached> {
  const { host, port, user, keys, proxied } = facts
  const login = { user, ...(keys[0] === undefined ? {} : { keyPath: keys[0] }) }
  if (proxied)
    throw new MachineError('VAGRANT_UNREACHABLE', `"${state.VmName}" is reached through another program only`, {
      hints: ['its provider must be on this computer: the engine could not be reached that way'],
    })
  if (!isLoopback(host)) return { address: host, port, ...login }
  const before = await remembered(places)
  if (before && !isLoopback(before.address) && (await answers(before.address, before.port, ctx.signal, ANSWER_MS)))
    return { ...before, ...login }
  const own = await ownAddress(state, places, ctx)
  if (own !== undefined) return { address: own, port: 22, ...login }
  return { address: host, port, ...login, enginePort: await forwarded(state, places, ctx) }
}

function isLoopback(host: string): boolean {
  return /^127\.|^localhost$|^::1$|^0\.0\.0\.0$/.test(host)
}

/** An address of the machine at which sshd answers from here. */
async function ownAddress(state: State, places: Places, ctx: Asking): Promise<string | undefined> {
  const asked =
    state.Provider === 'docker' ? containerAddresses(state, places, ctx) : guestAddresses(state, places, ctx)
  const addresses = await asked.catch(error => {
    ctx.signal.throwIfAborted()
    ctx.say({ type: 'debug', text: `the machine does not tell its addresses: ${messageOf(error)}` })
    return []
  })
  for (const address of addresses) if (await answers(address, 22, ctx.signal, ANSWER_MS)) return address
  return undefined
}

async function guestAddresses(state: State, places: Places, ctx: Asking): Promise<string[]> {
  const options = { doing: `ask "${state.VmName}" for its addresses`, deadlineMs: LOOK_MS }
  const { plain } = await runVagrant(['ssh', state.VmName, '-c', ASK], places, state, ctx, options)
  // Behind NAT any other computer may have the outward address here.
  const { hidden } = providerOf(state.Provider)
  return parseAddresses(plain).flatMap(({ address, outward }) => (outward && hidden ? [] : [address]))
}

/** The port here that leads to the engine's. */
async function forwarded(state: State, places: Places, ctx: Asking): Promise<number> {
  const published = state.Provider === 'docker' ? await publishedPort(state.EnginePort, state, places, ctx) : undefined
  if (published !== undefined) return published
  const options = { doing: `look at the ports of "${state.VmName}"`, deadlineMs: LOOK_MS }
  const lines = await runVagrant(['port', state.VmName], places, state, ctx, options).then(
    ran => ran.lines,
    () => [], // a provider that cannot tell
  )
  const found = lines.find(line => line.type === 'forwarded_port' && line.data[0] === String(state.EnginePort))
  if (found) return Number(found.data[1])
  // Of our own Vagrantfile we know, where the provider does not tell.
  if (!state.Project && lines.length === 0) return state.EnginePort
  throw new MachineError(
    'VAGRANT_UNREACHABLE',
    `"${state.VmName}" is behind NAT, and nothing here leads to port ${state.EnginePort} of it`,
    {
      hints: [
        'give it a network of this computer: config.vm.network "private_network", type: "dhcp"',
        `or forward the port: config.vm.network "forwarded_port", guest: ${state.EnginePort}, host: ${state.EnginePort}; then \`vagrant reload\``,
      ],
    },
  )
}
