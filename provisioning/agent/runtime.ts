/** A Node that runs the agent is on the host: its own where that is new enough, else a pinned one, put there once. */
import { MachineError } from '../../src/errors.ts'
import type { Host } from '../../src/ssh/host.ts'
import type { Facts } from '../facts.ts'
import type { Step } from '../step.ts'
import { Bringing, type RuntimeSource } from './bring-runtime.ts'
import { isNewEnough, OLDEST_NODE, RUNTIME_DIR } from './runtime-facts.ts'
import { folderOf, runtimeFor } from './runtimes.ts'

export type { RuntimeSource } from './bring-runtime.ts'

type RuntimeHost = Pick<Facts, 'arch' | 'runtime'>

/** Absolute path of the Node that runs the agent; undefined if there is none yet. */
export function nodePath({ arch, runtime: facts }: RuntimeHost): string | undefined {
  const { hostNode, pinned } = facts
  if (hostNode && isNewEnough(hostNode.version, OLDEST_NODE)) return hostNode.path
  const runtime = runtimeFor(arch)
  return runtime && pinned.includes(folderOf(runtime)) ? `${RUNTIME_DIR}/${folderOf(runtime)}/node` : undefined
}

/** Why the host can have no Node for the agent, a sentence; undefined if it has one or can have one. */
export function runtimeProblem(host: RuntimeHost): string | undefined {
  if (nodePath(host)) return undefined
  const { libc, bits, hostNode } = host.runtime
  const runtime = runtimeFor(host.arch)
  const own = hostNode ? `its own Node ${hostNode.version} is older than ${OLDEST_NODE}` : 'it has no Node of its own'
  const because = (why: string) => `there is no Node runtime for it (${why}), and ${own}`
  if (!runtime) return because(`its CPU is ${host.arch}`)
  if (bits === 32) return because('its programs are 32-bit ones')
  if (libc.kind === 'musl') return because('its C library is musl')
  if (libc.version && !isNewEnough(libc.version, runtime.glibc))
    return because(`its glibc ${libc.version} is older than ${runtime.glibc}`)
  return undefined
}

export function agentRuntime({ source }: { readonly source: RuntimeSource }): Step {
  return {
    id: 'agent-runtime',
    title: 'Node there for the agent',
    doing: 'Fetching Node for the agent',
    hint: `install Node ${OLDEST_NODE} or newer on the host, or do without the agent: --engine-agent=off`,
    holds: facts => nodePath(facts) !== undefined,
    apply: async (host, facts, ctx) => {
      const problem = runtimeProblem(facts)
      const runtime = runtimeFor(facts.arch)
      if (problem !== undefined || !runtime) throw unsupported(host, facts, problem ?? '')
      await new Bringing(host, facts, ctx, source, runtime).bring()
    },
    refresh: true,
  }
}

/** RUNTIME_UNSUPPORTED, for whoever finds `runtimeProblem`. */
export function unsupported(host: Pick<Host, 'name'>, { runtime }: RuntimeHost, problem: string): MachineError {
  const install = runtime.libc.kind === 'musl' ? 'apk add nodejs' : "the distribution's package manager"
  return new MachineError('RUNTIME_UNSUPPORTED', `the agent cannot run on ${host.name}: ${problem}`, {
    hints: [
      `install Node ${OLDEST_NODE} or newer there (${install}), then run \`machine provision\``,
      'or do without the agent: --engine-agent=off',
    ],
  })
}
