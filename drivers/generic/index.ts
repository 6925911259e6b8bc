/** Any host with SSH. Not ours: it is neither made nor removed, and its power is its owner's. */
import { type Ctx, defineDriver, type Instance } from '../driver.ts'
import { answers } from '../reach.ts'
import { flags } from './flags.ts'
import { checkKey, importKey } from './key.ts'
import { readTarget } from './target.ts'

/** How long the SSH port may take to accept; Docker Machine's figure. */
const DIAL_MS = 15_000

/** Docker Machine's fields, and the alias. */
export interface State {
  IPAddress: string
  MachineName: string
  SSHUser: string
  SSHPort: number
  /** The copy in the machine's folder; '': agent and the user's own keys. */
  SSHKeyPath: string
  EnginePort: number
  /** The key file as it was given. */
  SSHKey: string
  SSHAlias?: string
}

export const generic = defineDriver({
  name: 'generic',
  summary: 'a host that is there already, reached over SSH',
  flags,
  automatic: false,
  provisions: true,
  keys: 'own',
  rebootsOverSsh: true,
  noPowerText: verb => `generic driver does not support ${verb}`,
  async usable() {
    return { usable: true, missing: [] }
  },
  async preflight(config, ctx) {
    const { keyFile } = await readTarget(config, ctx.env)
    if (keyFile) await checkKey(keyFile)
  },
  async create(config, ctx): Promise<State> {
    const { address, user, port, keyFile, alias } = await readTarget(config, ctx.env)
    const state: State = {
      IPAddress: address,
      MachineName: ctx.name,
      SSHUser: user,
      SSHPort: port,
      SSHKeyPath: keyFile ? await importKey(keyFile, ctx.machineDir) : '',
      EnginePort: config.enginePort ?? ctx.enginePort,
      SSHKey: keyFile ?? '',
      ...(alias ? { SSHAlias: alias } : {}),
    }
    ctx.point('generic key copied')
    await ctx.checkpoint(state)
    return state
  },
  inspect: inspectHost,
  async remove() {},
  renamed: (state, name) => ({ ...state, MachineName: name }),
  adopting: ({ address, user, port, keyPath, enginePort }) => ({
    ipAddress: address,
    sshUser: user,
    sshPort: port,
    sshKey: keyPath,
    sshAlias: undefined,
    enginePort,
  }),
})

/** Running when the SSH port accepts; a host behind an alias may need a jump host to be reached, so it is taken to run. */
async function inspectHost(state: State, ctx: Pick<Ctx, 'signal'>): Promise<Instance> {
  if (!state.IPAddress) return { status: 'Not Found' }
  const up = state.SSHAlias !== undefined || (await answers(state.IPAddress, state.SSHPort, ctx.signal, DIAL_MS))
  return {
    status: up ? 'Running' : 'Stopped',
    address: state.IPAddress,
    ssh: {
      user: state.SSHUser,
      port: state.SSHPort,
      ...(state.SSHKeyPath ? { keyPath: state.SSHKeyPath } : {}),
      ...(state.SSHAlias ? { alias: state.SSHAlias } : {}),
    },
  }
}
