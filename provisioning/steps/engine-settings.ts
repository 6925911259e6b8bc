/** The engine runs with the settings asked for; if it will not, it runs with those it had. */
import { MachineError } from '../../src/errors.ts'
import type { Host } from '../../src/ssh/host.ts'
import { APPLY, applyCommand, applyInput } from '../apply-script.ts'
import type { EngineAsk } from '../ask.ts'
import { engineFiles } from '../engine-files.ts'
import { diskFull, lastWords } from '../engine-log.ts'
import { atLeast } from '../engine-version.ts'
import type { Facts, Init } from '../facts.ts'
import type { Step, StepCtx } from '../step.ts'

export function engineSettings(ask: EngineAsk): Step {
  return {
    id: 'engine-settings',
    title: 'engine configured',
    announce: 'Setting Docker configuration on the remote daemon...',
    hint: 'see the log of the service docker on the host',
    holds: facts => {
      const { differing } = engineFiles(facts, ask)
      return differing.length === 0 && !facts.stale && !facts.service.needsReload
    },
    apply: (host, facts, ctx) => apply(host, facts, ask, ctx),
    refresh: true,
  }
}

async function apply(host: Host, facts: Facts, ask: EngineAsk, { say, signal, machine }: StepCtx): Promise<void> {
  const { files, differing, reloadable, defaults, ourWords } = engineFiles(facts, ask)
  const version = facts.engine?.version ?? ''
  const command = applyCommand({
    init: facts.init,
    port: ask.port,
    configPath: facts.configPath,
    dockerd: facts.engine?.path ?? 'dockerd',
    validate: atLeast(version, 23),
    words: ourWords,
    action: reloadable && facts.service.active ? 'reload' : 'restart',
    first: facts.managed === undefined,
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
