/**
 * Brings a pinned Node onto a host. The host fetches it by itself, or gets it over SSH: the latter first where the host is near
 * and the tarball at hand, else where the host could not.
 */
import { MachineError } from '../../src/errors.ts'
import type { Host, RunResult } from '../../src/ssh/host.ts'
import { sh } from '../../src/ssh/quote.ts'
import { diskFull, lastWords } from '../engine-log.ts'
import type { Facts } from '../facts.ts'
import type { StepCtx } from '../step.ts'
import { tarballUrl } from './registry.ts'
import { OLDEST_NODE, RUNTIME_DIR } from './runtime-facts.ts'
import { EXIT, FETCH_SECONDS, fetchCommand, NEEDED_KB, pushCommand } from './runtime-script.ts'
import type { PinnedRuntime } from './runtimes.ts'

/** Where runtimes come from, as the caller has them. */
export interface RuntimeSource {
  /** The host is on this computer or in a network it is in itself, as far as addresses tell. */
  readonly near: boolean
  /** The registry a host may fetch from, without anything secret; undefined where there is none to tell it. */
  registry(): Promise<string | undefined>
  /** The tarball if it lies in the cache, whole. */
  cached(runtime: PinnedRuntime): Promise<Uint8Array | undefined>
  /** The tarball, from the cache or downloaded into it. Throws RUNTIME_DOWNLOAD. */
  tarball(runtime: PinnedRuntime, ctx: StepCtx): Promise<Uint8Array>
}

/** Round trip, with a shell's start, above which a host is not taken for near whatever its address. */
const NEAR_MS = 40

/** A host on its way to a runtime. */
export class Bringing {
  readonly #host: Host
  readonly #facts: Facts
  readonly #ctx: StepCtx
  readonly #source: RuntimeSource
  readonly #runtime: PinnedRuntime

  constructor(host: Host, facts: Facts, ctx: StepCtx, source: RuntimeSource, runtime: PinnedRuntime) {
    this.#host = host
    this.#facts = facts
    this.#ctx = ctx
    this.#source = source
    this.#runtime = runtime
  }

  async bring(): Promise<void> {
    const cached = (await this.#isNear()) ? await this.#source.cached(this.#runtime) : undefined
    if (cached) return await this.#push(cached)
    const registry = await this.#source.registry()
    const tools = ['curl', 'wget'].filter(tool => this.#facts.tools.includes(tool))
    const why =
      registry === undefined
        ? 'no registry is known that it could fetch it from'
        : tools.length === 0
          ? 'it has neither curl nor wget'
          : await this.#fetch(registry)
    if (why === undefined) return
    const text = `${this.#host.name} did not fetch Node by itself (${why}): it is sent over SSH`
    this.#ctx.say({ type: 'info', machine: this.#ctx.machine, text })
    await this.#push(await this.#source.tarball(this.#runtime, this.#ctx))
  }

  async #isNear(): Promise<boolean> {
    if (!this.#source.near) return false
    for (let tries = 0; tries < 3; tries++) {
      const before = performance.now()
      await this.#host.run(sh`true`, { signal: this.#ctx.signal })
      if (performance.now() - before < NEAR_MS) return true
    }
    return false
  }

  /** Why it did not come to be that way, undefined if it did. */
  async #fetch(registry: string): Promise<string | undefined> {
    const { host } = new URL(registry)
    this.#ctx.say({ type: 'progress', machine: this.#ctx.machine, text: `fetching Node from ${host}` })
    const command = fetchCommand(this.#runtime, tarballUrl(registry, this.#runtime))
    const done = await this.#host.run(command, { ...this.#options(), timeoutMs: 300_000 + FETCH_SECONDS * 1000 })
    if (done.code === EXIT.fetch || done.code === EXIT.digest) return `${host}: ${lastWords(done.stderr)}`
    this.#check(done)
    return undefined
  }

  async #push(tarball: Uint8Array): Promise<void> {
    const text = `sending Node ${this.#runtime.version}`
    const onProgress = (done: number, total: number) =>
      this.#ctx.say({
        type: 'progress',
        machine: this.#ctx.machine,
        text,
        fraction: total === 0 ? 1 : done / total,
        bytes: { done, total },
      })
    const timeoutMs = 600_000 + tarball.length / 50 // at 50 kB/s
    this.#check(
      await this.#host.run(pushCommand(this.#runtime), { ...this.#options(), input: tarball, onProgress, timeoutMs }),
    )
  }

  #options() {
    return { root: true, ok: [0, 1, 2, ...Object.values(EXIT)], signal: this.#ctx.signal } as const
  }

  #check({ code, stdout, stderr }: RunResult): void {
    if (code === 0) return
    const at = this.#host.name
    if (code === EXIT.full || diskFull(stderr)) {
      const left = code === EXIT.full ? `, and ${Math.floor(Number(stdout) / 1024)} MB are left` : ''
      throw new MachineError(
        'DISK_FULL',
        `the disk of ${at} is full: Node for the agent needs ${NEEDED_KB / 1024} MB in ${RUNTIME_DIR}${left}`,
        { hints: ['make room, then run `machine provision`', 'or do without the agent: --engine-agent=off'] },
      )
    }
    const why =
      code === EXIT.busy
        ? "another session's work on it does not end"
        : code === EXIT.start
          ? `it does not start there: ${lastWords(stderr)}`
          : lastWords(stderr)
    throw new MachineError('RUNTIME_FAILED', `Node for the agent could not be put onto ${at}: ${why}`, {
      hints: [`install Node ${OLDEST_NODE} or newer there`, 'or do without the agent: --engine-agent=off'],
    })
  }
}
