import { MachineError } from '../../src/errors.ts'
import type { CreateCtx } from '../driver.ts'
import type { NspawnConfig } from './flags.ts'
import { hostId } from './host-id.ts'
import { hostScript } from './host-script.ts'
import { claimAddress } from './network-script.ts'
import { startHost } from './power.ts'
import { readResolvConf } from './resolvers.ts'
import { runAsRoot } from './root-shell.ts'
import { ensureRootfs } from './rootfs.ts'
import { plainPath, readRootSource } from './settings.ts'
import { placesOf, type State } from './state.ts'
import { parseSubnet, type Subnet } from './subnet.ts'
import { copyTree, personalise } from './tree-script.ts'

/** Makes a host and boots it: root file system → folder and address → tree → network → boot. */
export async function createHost(config: NspawnConfig, ctx: CreateCtx<State>): Promise<State> {
  const net = parseSubnet(config.subnet)
  const source = await readRootSource(config)
  const state: State = {
    IPAddress: '',
    MachineName: ctx.name,
    SSHUser: 'root',
    SSHPort: 22,
    Id: hostId(ctx.name, ctx.storeId),
    Suite: config.suite,
    RootFs: 'key' in source ? source.key : '',
    StateDir: plainPath(config.stateDir),
    Subnet: net.cidr,
    Bridge: net.bridge,
    MemoryMB: config.memory ?? 0,
    Cpus: config.cpus ?? 0,
  }
  await ctx.checkpoint(state)
  const tree = await ensureRootfs(source, plainPath(config.cacheDir), ctx)
  ctx.point('nspawn root file system there')

  state.IPAddress = await claim(state, net, ctx)
  ctx.point('nspawn address claimed')
  await ctx.checkpoint(state)

  await makeTree(state, net, tree, ctx)
  await startHost(state, ctx)
  return state
}

async function claim(state: State, net: Subnet, ctx: CreateCtx<State>): Promise<string> {
  const address = await runAsRoot(claimAddress(net, placesOf(state).dir), {
    signal: ctx.signal,
    doing: 'reserve an address',
  })
  if (address === '') throw new MachineError('NSPAWN_FAILED', `no address was reserved in ${net.cidr}`)
  return address
}

async function makeTree(state: State, net: Subnet, tree: string, ctx: CreateCtx<State>): Promise<void> {
  ctx.say({ type: 'progress', text: 'copying the root file system' })
  await runAsRoot(hostScript(state, copyTree(tree)), { signal: ctx.signal, doing: 'copy the root file system' })
  ctx.point('nspawn tree copied')
  const resolvConf = await readResolvConf()
  if (resolvConf === '') {
    ctx.say({
      type: 'warn',
      text: 'This computer names no name server that the host could reach: names will not resolve there',
    })
  }
  const identity = {
    name: ctx.name,
    address: state.IPAddress,
    prefix: net.prefix,
    gateway: net.gateway,
    publicKey: ctx.publicKey,
    resolvConf,
  }
  await runAsRoot(hostScript(state, personalise(identity)), { signal: ctx.signal, doing: 'prepare the host' })
  ctx.point('nspawn tree ready')
}
