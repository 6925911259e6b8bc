import type { Cmd } from '../../src/ssh/quote.ts'
import type { Ctx } from '../driver.ts'
import { bootHost, NO_LIMIT } from './boot-script.ts'
import { hostScript } from './host-script.ts'
import { FORWARDING, networkUp, releaseAddress } from './network-script.ts'
import { ERASE, FORCED, KILL, STOP } from './power-script.ts'
import { runAsRoot } from './root-shell.ts'
import { placesOf, type State } from './state.ts'
import { parseSubnet } from './subnet.ts'

/** What the scripts print for people, and how it is told. */
function tell(ctx: Ctx): (line: string) => void {
  return line => {
    if (line === FORWARDING) {
      ctx.say({
        type: 'info',
        text: 'Switched on IP forwarding on this computer, so that the host reaches the network',
      })
    } else if (line === FORCED) {
      ctx.say({ type: 'warn', text: `"${ctx.name}" did not shut down within 30 s and was killed` })
    } else if (line.startsWith(NO_LIMIT)) {
      ctx.say({
        type: 'warn',
        text: `${line.slice(NO_LIMIT.length + 1)} of "${ctx.name}" cannot be limited on this computer`,
      })
    }
  }
}

function run(command: Cmd, doing: string, ctx: Ctx): Promise<string> {
  return runAsRoot(command, { signal: ctx.signal, doing, onLine: tell(ctx) })
}

/** Boots the host; network and NAT are made again where a reboot of this computer took them. */
export async function startHost(state: State, ctx: Ctx): Promise<void> {
  await run(networkUp(parseSubnet(state.Subnet)), 'set up the network of the hosts', ctx)
  ctx.point('nspawn network up')
  await run(hostScript(state, bootHost(state)), `boot ${state.Id}`, ctx)
  ctx.point('nspawn booted')
}

/** Shuts down in order; killed after 30 s, which is told. */
export async function stopHost(state: State, ctx: Ctx): Promise<void> {
  await run(hostScript(state, STOP), `stop ${state.Id}`, ctx)
  ctx.point('nspawn stopped')
}

/** Pulls the plug. */
export async function killHost(state: State, ctx: Ctx): Promise<void> {
  await run(hostScript(state, KILL), `kill ${state.Id}`, ctx)
  ctx.point('nspawn killed')
}

/** Ends the host, and removes its folder, its address, and the subnet's network if it was the last one there. */
export async function removeHost(state: State, ctx: Ctx): Promise<void> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (!state.Id) return
  await run(hostScript(state, ERASE), `remove ${state.Id}`, ctx)
  ctx.point('nspawn folder removed')
  const { dir } = placesOf(state)
  await run(releaseAddress(parseSubnet(state.Subnet), dir), 'take down the network of the hosts', ctx)
  ctx.point('nspawn network removed')
}
