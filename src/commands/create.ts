import { Args, Flags, type Interfaces } from '@oclif/core'
import type { AnyDriver } from '../../drivers/driver.ts'
import { drivers } from '../../drivers/index.ts'
import { MachineCommand } from '../command.ts'
import { enginePortOf, readConfig } from '../driver-config.ts'
import { driverNameOf, oclifFlags } from '../driver-flags.ts'
import { withSecrets } from '../driver-secrets.ts'
import { EXIT, MachineError, messageOf, UsageError } from '../errors.ts'
import { contextAsk, contextFlags } from '../flags/context.ts'
import { engineFlags } from '../flags/engine.ts'
import { parseInteger, parseList } from '../flags/go-values.ts'
import { swarmFlags, swarmOptions } from '../flags/swarm.ts'
import { lineToCopy } from '../line-to-copy.ts'
import { type CreateAsk, createMachine, type Machine } from '../machine/create.ts'
import { defaultDriver, driverNamed } from '../machine/default-driver.ts'
import type { EngineSettings } from '../machine/engine-settings.ts'
import { loadRecord } from '../machine/load.ts'
import type { World } from '../machine/world.ts'

const named = driverNameOf(process.argv.slice(2), process.env)

export default class Create extends MachineCommand {
  static override summary = 'Create machines.'
  static override description =
    'Makes the hosts, puts an engine on them and leaves them ready for `machine env`. Several names are made side by side. ' +
    'Without --driver and MACHINE_DRIVER the first driver usable on this computer is taken. ' +
    'create -d DRIVER --help shows the flags of that driver.'
  static override usage = 'create [-d DRIVER] [OPTIONS] NAME...'
  static override examples = [
    '<%= config.bin %> create dev',
    '<%= config.bin %> create -d generic --generic-ip-address 192.0.2.7 web',
  ]
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags: Interfaces.FlagInput = {
    driver: Flags.string({ char: 'd', description: 'where the machine is made (env MACHINE_DRIVER); see `drivers`' }),
    resume: Flags.boolean({ description: 'go on with a create of this name that was interrupted' }),
    json: Flags.boolean({ description: 'print the machines as JSON' }),
    ...contextFlags,
    ...engineFlags,
    ...swarmFlags,
    ...oclifFlags(drivers, named),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Create)
    const names = argv as string[]
    const w = this.world(flags, names, true)
    if (names.length === 0) throw new UsageError('Error: No machine name specified', [`${this.program} create NAME`])
    const twice = names.find((n, i) => names.indexOf(n) !== i)
    if (twice) throw new UsageError(`the name ${twice} is given twice`)
    for (const name of names) w.store.checkName(name)
    const driver = await this.chooseDriver(flags.driver ?? (flags.resume ? await begunWith(names, w) : undefined), w)
    const ask = { ...createAsk(driver, flags, process.env, w), ...contextAsk(flags, names) }
    const keyed = withSecrets(w, driver, flags)
    const results = await Promise.allSettled(names.map(name => this.one({ ...ask, name }, keyed)))
    await this.finally(undefined)
    const made = results.flatMap(r => (r.status === 'fulfilled' ? [r.value] : []))
    if (flags.json && (names.length > 1 || made[0])) this.printJson(names.length === 1 ? made[0] : made)
    this.report(names, made, results, w, flags['storage-path'])
  }

  private async chooseDriver(asked: string | undefined, w: World): Promise<AnyDriver> {
    const name = asked ?? process.env.MACHINE_DRIVER
    if (name) return driverNamed(name, w.drivers)
    const driver = await defaultDriver(w)
    w.say({
      type: 'info',
      text: `Using driver ${driver.name} (${driver.summary}): no --driver was given and it is the first usable here`,
    })
    return driver
  }

  private async one(ask: CreateAsk, w: World): Promise<Machine> {
    const started = Date.now()
    try {
      const machine = await createMachine(ask, w)
      const text = machine.engineVersion === '' ? `${machine.url} is known as ${ask.name}` : 'Docker is up and running!'
      w.say({ machine: ask.name, type: 'finished', text, ms: Date.now() - started })
      return machine
    } catch (error) {
      w.say({ machine: ask.name, type: 'failed', text: messageOf(error), ms: Date.now() - started })
      throw error
    }
  }

  /** The one line to copy for what was made; then, as one error, what was not. */
  private report(
    names: string[],
    made: Machine[],
    results: PromiseSettledResult<Machine>[],
    w: World,
    storagePath?: string,
  ): void {
    const line = (name: string) =>
      lineToCopy(name, { program: this.program, storagePath, env: process.env, platform: process.platform })
    for (const { name, engineVersion, context } of made) {
      if (engineVersion !== '')
        this.tell(
          names.length === 1
            ? `To point your Docker client at it, run: ${line(name)}`
            : `${name} is ready: ${line(name)}`,
        )
      if (context !== undefined) this.tell(`In every terminal: docker --context ${context} …`)
    }
    const failed = results.flatMap((r, i) =>
      r.status === 'rejected' ? [{ name: names[i] as string, error: r.reason }] : [],
    )
    const only = failed[0]
    if (!only) return
    if (names.length === 1) throw explain(only.name, only.error, this.program, w)
    throw new MachineError(
      'SOME_FAILED',
      failed.map(f => `${f.name}: ${explain(f.name, f.error, this.program, w).message}`).join('\n'),
      {
        hints: [
          `${this.program} rm ${failed.map(f => f.name).join(' ')} removes what was made of ${failed.length === 1 ? 'it' : 'them'}`,
        ],
        exit: failed.every(f => f.error?.oclif?.exit === EXIT.precreate) ? EXIT.precreate : EXIT.failed,
        cause: only.error,
      },
    )
  }
}

/** The driver of the first of these machines that is on record: a create that goes on need not name it again. */
async function begunWith(names: readonly string[], w: World): Promise<string | undefined> {
  for (const name of names) {
    const record = await loadRecord(w.store, name).catch(() => undefined)
    if (record) return record.DriverName
  }
  return undefined
}

/** The error of a create, in Docker Machine's wrapping, with what is left and what can be done with it. */
function explain(name: string, error: unknown, program: string, w: World): MachineError {
  const ours = error instanceof MachineError ? error : undefined
  if (ours && ['USAGE', 'PRECREATE', 'ALREADY_EXISTS', 'LOCKED', 'STORE_UNWRITABLE'].includes(ours.code)) return ours
  if (!ours && !w.signal.aborted) throw error
  const left = [
    `what was made so far is recorded: ${program} rm ${name} removes it`,
    `${program} create --resume … ${name} goes on (${program} provision ${name}, once the host runs)`,
  ]
  return new MachineError('CREATE_FAILED', `Error creating machine: ${messageOf(error)}`, {
    hints: [...(ours?.suggestions ?? []), ...left],
    cause: error,
    exit: w.signal.aborted ? 130 : EXIT.failed,
  })
}

type Flagged = Record<string, unknown>
type Env = Readonly<Record<string, string | undefined>>

/** What is asked for, from flags and their environment variables. */
export function createAsk(driver: AnyDriver, flags: Flagged, env: Env, w: World): Omit<CreateAsk, 'name'> {
  const shared = (flags['engine-port'] as number | undefined) ?? portFromEnv(env)
  const enginePort = enginePortOf(driver, shared, flags, env)
  const swarm = swarmOptions(flags, env)
  if (swarm.IsSwarm)
    w.say({ type: 'warn', text: 'swarm options are kept in the record; setting up a swarm comes in a later version' })
  return {
    driver,
    config: readConfig(driver, flags, env, w.drivers),
    engine: engineSettings(flags, env),
    tlsSans: (flags['tls-san'] as string[] | undefined) ?? [],
    swarm,
    resume: flags.resume === true,
    ...(enginePort === undefined ? {} : { enginePort }),
  }
}

function portFromEnv(env: Env): number | undefined {
  const text = env.MACHINE_ENGINE_PORT
  if (!text) return undefined
  const port = parseInteger(text)
  if (port !== undefined && port > 0 && port < 65536) return port
  throw new UsageError(`MACHINE_ENGINE_PORT is "${text}": it must be a port from 1 to 65535`)
}

/** The engine's settings, from flags and their environment variables. */
export function engineSettings(flags: Flagged, env: Env): EngineSettings {
  const text = (flag: string, variable?: string) =>
    (flags[flag] as string | undefined) ?? ((variable && env[variable]) || undefined)
  const listed = (flag: string) => (flags[flag] as string[] | undefined) ?? []
  const mirrors = parseList(env.ENGINE_REGISTRY_MIRROR)
  const entries = {
    installUrl: text('engine-install-url', 'MACHINE_DOCKER_INSTALL_URL'),
    version: text('engine-version', 'MACHINE_ENGINE_VERSION'),
    mirror: text('engine-mirror', 'MACHINE_ENGINE_MIRROR'),
    storageDriver: text('engine-storage-driver'),
    liveRestore: flags['engine-live-restore'],
    logRotation: flags['engine-log-rotation'],
    agent: agentOf(text('engine-agent', 'MACHINE_ENGINE_AGENT')),
    agentRegistry: text('engine-agent-registry', 'MACHINE_ENGINE_AGENT_REGISTRY'),
    agentOperatorMounts: flags['engine-agent-operator-mount'],
    opts: listed('engine-opt'),
    labels: keyed('--engine-label', listed('engine-label')),
    env: keyed('--engine-env', listed('engine-env')),
    insecureRegistries: listed('engine-insecure-registry'),
    registryMirrors: [...mirrors, ...listed('engine-registry-mirror')],
  }
  return Object.fromEntries(Object.entries(entries).filter(([, v]) => v !== undefined)) as EngineSettings
}

function agentOf(text: string | undefined): 'on' | 'off' | undefined {
  if (text === undefined || text === 'on' || text === 'off') return text
  throw new UsageError(`MACHINE_ENGINE_AGENT is "${text}": it must be on or off`)
}

function keyed(flag: string, values: string[]): string[] {
  const bad = values.find(v => !/^[^=\s]+=/.test(v))
  if (bad !== undefined) throw new UsageError(`${flag} wants KEY=value, not "${bad}"`)
  return values
}
