/**
 * Makes a host a Docker host: reads its facts, applies the steps of the plan that do not hold, reads again, until all
 * hold. A host that is as it should be costs one round trip and is not changed.
 */
import { hasCode, MachineError, messageOf } from '../src/errors.ts'
import type { Host } from '../src/ssh/host.ts'
import { sh } from '../src/ssh/quote.ts'
import { settleAgent } from './agent/settle.ts'
import type { Certificates, EngineAsk, ProvisionCtx } from './ask.ts'
import { checkAsk } from './ask-check.ts'
import { diskFull } from './engine-log.ts'
import { matches } from './engine-version.ts'
import { type Facts, readFacts } from './facts.ts'
import { plan, refuseFullDisk } from './plan.ts'
import { withSbin } from './sbin-host.ts'
import type { Step } from './step.ts'

export type { Certificates, EngineAsk, ProvisionCtx }

export interface Provisioned {
  /** The host as it is now. */
  readonly facts: Facts
  /** Ids of the steps that had to be applied; empty if nothing changed. */
  readonly changed: string[]
  /** The engine's certificate, for the caller's record. */
  readonly serverCertPem: string
  /** '29.10.0'. */
  readonly engineVersion: string
  /** The agent is in front of the engine; false also where it was asked for by default and cannot run. */
  readonly agent: boolean
}

/**
 * @throws MachineError with the code of the step that failed, STEP_UNTRUE if a step was applied and does not hold,
 * UsageError for an impossible wish, before the host is asked anything
 */
export async function provision(
  session: Host,
  wish: EngineAsk,
  certificates: Certificates,
  ctx: ProvisionCtx,
): Promise<Provisioned> {
  checkAsk(wish)
  const host = withSbin(session)
  const applied = new Set<string>()
  for (;;) {
    ctx.signal.throwIfAborted()
    const facts = await readFacts(host, wish.port, ctx.signal)
    const { ask, without } = settleAgent(facts, wish)
    if (applied.size === 0) {
      if (without) warnOfNoAgent(without, ctx)
      ctx.phase?.(`Provisioning with ${facts.os.id}(${facts.init})...`)
      warnOfKept(facts, ask, ctx)
    }
    if (!(await applyPending(plan(facts, ask, certificates), facts, host, applied, ctx))) {
      if (ask.agent && applied.size > 0 && facts.init === 'systemd') await lookAgain(host, ctx)
      return {
        facts,
        changed: [...applied],
        serverCertPem: (ask.agent ? facts.agent.certPem : facts.serverCertPem) ?? '',
        engineVersion: facts.engine?.version ?? '',
        agent: ask.agent !== undefined,
      }
    }
  }
}

/** What root's watch saw before is no longer so: health would tell of it for another minute. */
async function lookAgain(host: Host, { signal }: ProvisionCtx): Promise<void> {
  const command = sh`systemctl start --no-block machine-agent-watch.service`
  await host.run(command, { root: true, ok: [0, 1, 4, 5], signal })
}

/** Applies what does not hold, up to a step that changes what the others look at; false if there was nothing to do. */
async function applyPending(
  steps: Step[],
  facts: Facts,
  host: Host,
  applied: Set<string>,
  ctx: ProvisionCtx,
): Promise<boolean> {
  let busy = false
  for (const step of steps) {
    if (step.holds(facts)) continue
    if (applied.has(step.id)) {
      throw new MachineError(
        'STEP_UNTRUE',
        `the step "${step.title}" was done on ${host.name}, and still it is not so`,
        {
          hints: [step.hint],
        },
      )
    }
    if (!busy) refuseFullDisk(facts, host.name)
    busy = true
    if (step.announce) ctx.phase?.(step.announce)
    ctx.say({ type: 'progress', machine: ctx.machine, text: step.doing })
    await applyStep(step, facts, host, ctx)
    applied.add(step.id)
    ctx.point(`provision ${step.id}`)
    if (step.refresh) break
  }
  return busy
}

async function applyStep(step: Step, facts: Facts, host: Host, ctx: ProvisionCtx): Promise<void> {
  try {
    await step.apply(host, facts, ctx)
  } catch (cause) {
    if (!hasCode(cause, 'REMOTE_FAILED') && !hasCode(cause, 'REMOTE_TIMEOUT')) throw cause
    const text = messageOf(cause)
    if (diskFull(text))
      throw new MachineError('DISK_FULL', `the disk of ${host.name} is full`, {
        cause,
        hints: ['make room, then run `machine provision`'],
      })
    throw new MachineError('STEP_FAILED', `the step "${step.title}" failed on ${host.name}: ${text}`, {
      cause,
      hints: [step.hint],
    })
  }
}

function warnOfNoAgent(why: string, { say, machine }: ProvisionCtx): void {
  const text = `no engine agent on this host, because ${why}: dockerd serves mutual TLS itself, without roles and revocation`
  say({ type: 'warn', machine, text })
}

function warnOfKept({ engine }: Facts, { version }: EngineAsk, { say, machine }: ProvisionCtx): void {
  if (!engine || version === undefined || matches(engine.version, version)) return
  say({
    type: 'warn',
    machine,
    text: `the engine ${engine.version} is there already and is kept: version ${version} was asked for`,
  })
}
