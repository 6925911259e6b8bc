/** The world without SSH: real store, real network, real clock. What logs in to no machine needs no more. */
import { appendFileSync } from 'node:fs'
import type { AnyDriver, Question } from '../drivers/driver.ts'
import type { Say } from './events.ts'
import type { World } from './machine/world.ts'
import type { Secret } from './ssh/quote.ts'
import { openStore } from './store/store.ts'

export interface WorldOptions {
  storePath: string
  drivers: readonly AnyDriver[]
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  home: string
  program: string
  tlsPaths: { [K in 'caCert' | 'caKey' | 'clientCert' | 'clientKey']?: string | undefined }
  say: Say
  signal?: AbortSignal
  askSecret?: (prompt: string) => Promise<Secret | undefined>
  ask?: ((question: Question) => Promise<string | undefined>) | undefined
}

/** `dial` throws: see openWorld. */
export function bareWorld(o: WorldOptions): World {
  const signal = o.signal ?? interruptSignal()
  return {
    store: openStore(o.storePath),
    drivers: o.drivers,
    env: o.env,
    platform: o.platform,
    home: o.home,
    program: o.program,
    tlsPaths: Object.fromEntries(Object.entries(o.tlsPaths).filter(([, v]) => v)),
    signal,
    say: o.say,
    now: () => new Date(),
    dial: () => Promise.reject(new Error('this world has no SSH')),
    ...(o.askSecret ? { askSecret: o.askSecret } : {}),
    ...(o.ask ? { ask: o.ask } : {}),
    point: crashPoints(o.env),
  }
}

/** Thrown, as the signal's reason, by whatever was waiting when Ctrl-C came. */
export class Interrupted extends Error {
  constructor(signalName: string) {
    super(`interrupted (${signalName})`)
    this.name = 'Interrupted'
  }
}

let interrupts: AbortController | undefined
let forgiven = false

/** Stops this process's work as a first Ctrl-C does. The signal that was the reason may still come: it is the same one. */
export function interrupt(signalName: string): void {
  interruptSignal()
  if (interrupts?.signal.aborted) return
  forgiven = true
  interrupts?.abort(new Interrupted(signalName))
}

/** Aborts on the first Ctrl-C or SIGTERM; a second one ends the process at once. One for the whole process. */
function interruptSignal(): AbortSignal {
  if (interrupts) return interrupts.signal
  const controller = new AbortController()
  interrupts = controller
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (controller.signal.aborted && !forgiven) process.exit(130)
      forgiven = false
      controller.abort(new Interrupted(name))
    })
  return controller.signal
}

/**
 * For the crash tests: MACHINE_CRASH_LOG names a file that gets a line for each point passed; MACHINE_CRASH_AT=N kills this
 * process, as `kill -9` does, when the Nth is reached. Without them a point costs nothing.
 */
function crashPoints(env: Readonly<Record<string, string | undefined>>): (label: string) => void {
  const log = env.MACHINE_CRASH_LOG
  if (!log) return () => {}
  const at = Number(env.MACHINE_CRASH_AT ?? 0)
  let passed = 0
  return label => {
    passed += 1
    appendFileSync(log, `${passed} ${label}\n`)
    if (passed === at) process.kill(process.pid, 'SIGKILL')
  }
}
