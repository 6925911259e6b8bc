/** The engine runs with the settings asked for; if it will not, it runs with those it had. */
import { setTimeout } from 'node:timers/promises'
import { MachineError } from '../../src/errors.ts'
import type { Host } from '../../src/ssh/host.ts'
import { frontChange } from '../agent/front.ts'
import { agentNotUp } from '../agent/steps/running.ts'
import { APPLY, type Apply, applyCommand, applyInput } from '../apply-script.ts'
import type { EngineAsk } from '../ask.ts'
import { type EngineFiles, engineFiles } from '../engine-files.ts'
import { diskFull, lastWords } from '../engine-log.ts'
import { atLeast } from '../engine-version.ts'
import { type Facts, type Init, readFacts } from '../facts.ts'
import { keepsContainers, restartWarning, withLiveRestore } from '../live-restore.ts'
import type { Step, StepCtx } from '../step.ts'

export function engineSettings(ask: EngineAsk): Step {
  return {
    id: 'engine-settings',
    title: 'engine configured',
    doing: 'Configuring the engine',
    announce: 'Setting Docker configuration on the remote daemon...',
    hint: 'see the log of the service docker on the host',
    holds: facts => {
      const { differing } = engineFiles(facts, ask)
      return differing.length === 0 && !facts.stale && !facts.service.needsReload
    },
    apply: (host, facts, ctx) =>
      frontChange(facts, ask) ? handOver(host, facts, ask, ctx) : put(host, facts, ask, ctx),
    refresh: true,
  }
}

/**
 * The port goes over to the agent or back, which nobody asked for containers to end over: where live-restore is off it is on
 * meanwhile, if it can be. What was on the host before comes back by a reload.
 */
async function handOver(host: Host, facts: Facts, ask: EngineAsk, ctx: StepCtx): Promise<void> {
  const warning = restartWarning(facts, ctx.machine)
  if (warning && !keepsContainers(facts)) ctx.say({ type: 'warn', machine: ctx.machine, text: warning })
  if (!warning || !keepsContainers(facts)) return await put(host, facts, ask, ctx)
  const now = () => readFacts(host, ask.port, ctx.signal)
  await apply(host, facts, ask, ctx, { ...withLiveRestore(facts), action: 'reload', front: undefined })
  await setTimeout(1000, undefined, { signal: ctx.signal }) // the reload is told by a signal: nothing says when it is through
  await put(host, await now(), { ...ask, liveRestore: true }, ctx)
  for (const wish of [{ ...ask, liveRestore: false }, ask]) {
    const after = await now()
    await apply(host, after, ask, ctx, { ...engineFiles(after, wish), action: 'reload', front: undefined })
  }
}

async function put(host: Host, facts: Facts, ask: EngineAsk, ctx: StepCtx): Promise<void> {
  const front = frontChange(facts, ask)
  const files = engineFiles(facts, ask)
  const action = files.reloadable && facts.service.active && !front ? 'reload' : 'restart'
  await apply(host, facts, ask, ctx, { ...files, action, front })
}

type Change = Pick<EngineFiles, 'files' | 'differing' | 'defaults' | 'ourWords'> &
  Pick<Apply, 'action'> & { readonly front: 'on' | 'off' | undefined }

async function apply(host: Host, facts: Facts, ask: EngineAsk, { say, signal, machine }: StepCtx, change: Change) {
  const { files, differing, defaults, ourWords, action, front } = change
  const version = facts.engine?.version ?? ''
  const command = applyCommand({
    init: facts.init,
    port: ask.port,
    configPath: facts.configPath,
    dockerd: facts.engine?.path ?? 'dockerd',
    validate: atLeast(version, 23),
    words: ourWords,
    action,
    first: facts.managed === undefined,
    agent: ask.agent?.program.digest,
    front,
  })
  const { code, stdout, stderr } = await host.run(command, {
    root: true,
    input: applyInput(differing.length > 0 ? differing : files),
    ok: Object.values(APPLY),
    timeoutMs: 8 * 60_000,
    signal,
  })
  if (code !== APPLY.done) throw failure(code, `${stdout}\n${stderr}`, { machine, name: host.name, init: facts.init })
  if (facts.managed === undefined) for (const text of defaults) say({ type: 'info', machine, text })
}

interface Where {
  readonly machine: string
  readonly name: string
  readonly init: Init
  /** What was new; 'settings' by default. */
  readonly what?: string
}

/** What went wrong, from the exit code and the words of the apply script. */
export function failure(code: number, said: string, { machine, name, init, what = 'settings' }: Where): MachineError {
  if (code === APPLY.staging) {
    if (diskFull(said)) return diskFullError(name)
    return new MachineError('ENGINE_FILES', `the engine's files could not be written on ${name}: ${lastWords(said)}`)
  }
  if (code === APPLY.refused) {
    return new MachineError('ENGINE_OPTION_INVALID', `dockerd refuses these settings: ${lastWords(said)}`, {
      hints: ['nothing was changed on the host; correct the --engine-… options'],
    })
  }
  if (code === APPLY.agentNotUp) {
    return agentNotUp(said, { machine, init, hint: 'the engine runs again with the settings it had before' })
  }
  if (code === APPLY.busy) {
    return new MachineError('HOST_BUSY', `another session has been changing the engine of ${name} for minutes`, {
      hints: ['wait until it is done, then run the command again'],
    })
  }
  const read = init === 'systemd' ? 'journalctl -u docker -n 50' : 'tail -n 50 /var/log/docker.log'
  const log = `machine ssh ${machine} sudo ${read}`
  if (code === APPLY.rolledBack) {
    return new MachineError('ENGINE_NOT_UP', `the engine did not start with the new ${what}: ${lastWords(said)}`, {
      hints: [`it runs again with the ${what} it had before`, log],
    })
  }
  return new MachineError(
    'ENGINE_DOWN',
    `the engine does not start, neither with the new ${what} nor with the old: ${lastWords(said)}`,
    {
      hints: ['its files are those from before', log],
    },
  )
}

function diskFullError(name: string): MachineError {
  return new MachineError('DISK_FULL', `the disk of ${name} is full`, {
    hints: ['make room on the host, then run `machine provision`'],
  })
}
