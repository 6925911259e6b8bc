/** A driver called in this process, as by core: a store of its own in the account of a stand-in cloud. */
import { randomBytes } from 'node:crypto'
import type { AnyDriver, CreateCtx, Ctx, Instance } from '../../drivers/driver.ts'
import { readConfig } from '../../src/driver-config.ts'
import type { Call } from '../kit/cloud/calls.ts'
import { longAgo } from '../kit/cloud/records.ts'

/** The verbs that are called, with the driver's own settings and state. */
interface Verbs<Config, State> {
  preflight(config: Config, ctx: Ctx): Promise<void>
  create(config: Config, ctx: CreateCtx<State>): Promise<State>
  inspect(state: State, ctx: Ctx): Promise<Instance>
  remove(state: State, ctx: Ctx): Promise<void>
}

interface Account {
  readonly env: Record<string, string>
  readonly calls: readonly Call[]
  settled(): Promise<void>
}

export interface CreateOptions<Config, State> {
  name?: string
  /** Gets each state as the record would hold it. */
  saved?: State[]
  signal?: Ctx['signal']
  /** Settings of an earlier create, and with them what was found out for it. */
  config?: Config
  /** Whether core's pre-check comes before it. */
  checked?: boolean
}

export class DriverStore<
  Config,
  State extends { LaunchAsked?: string; EipAsked?: string },
  D extends Verbs<Config, State>,
  C extends Account,
> {
  readonly driver: D
  readonly cloud: C
  readonly id = randomBytes(4).toString('hex')
  readonly said: string[] = []
  /** Flags of each create, without the driver's name. */
  protected readonly usual: Readonly<Record<string, unknown>> = {}
  readonly #publicKey: string
  /** How many calls the cloud had seen before it. */
  readonly from: number

  constructor(driver: D, cloud: C, publicKey: string) {
    this.driver = driver
    this.cloud = cloud
    this.#publicKey = publicKey
    this.from = cloud.calls.length
  }

  ctx(name = 'web', signal: Ctx['signal'] = new AbortController().signal): Ctx {
    const say = (event: { text?: string }) => void this.said.push(event.text ?? '')
    return { name, machineDir: '/nonexistent', storeId: this.id, env: this.cloud.env, signal, say, point: () => {} }
  }

  config(flags: Record<string, unknown> = {}): Config {
    const driver = this.driver as unknown as AnyDriver
    const typed = Object.entries({ ...this.usual, ...flags }).map(([k, v]) => [`${driver.name}-${k}`, v])
    return readConfig(driver, Object.fromEntries(typed), this.cloud.env, []) as Config
  }

  async create(flags: Record<string, unknown> = {}, options: CreateOptions<Config, State> = {}): Promise<State> {
    const { name = 'web', saved = [], signal, config = this.config(flags), checked = false } = options
    const checkpoint = async (state: State) =>
      void saved.push(JSON.parse(JSON.stringify({ ...saved.at(-1), ...state })))
    const ctx: CreateCtx<State> = {
      ...this.ctx(name, signal),
      publicKey: this.#publicKey,
      enginePort: 2376,
      checkpoint,
    }
    if (checked) await this.driver.preflight(config, ctx)
    return await this.driver.create(config, ctx)
  }

  /** As of a machine for which all was asked long ago. */
  async remove(state: State | undefined, name = 'web'): Promise<void> {
    await this.driver.remove(longAgo(state ?? ({} as State)), this.ctx(name))
    await this.cloud.settled()
  }

  async inspect(state: State): Promise<Instance> {
    return await this.driver.inspect(state, this.ctx())
  }

  /** What it asked for since it is there, and the cloud did. */
  calls(action: string): Call[] {
    return this.cloud.calls.slice(this.from).filter(call => call.action === action && !call.dryRun)
  }
}
