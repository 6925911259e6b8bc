/** The agent's configuration, its units or init script; and the plan root's watch compares with. */
import { all, type Cmd, script, sh } from '../../../src/ssh/quote.ts'
import type { EngineAsk } from '../../ask.ts'
import type { Facts } from '../../facts.ts'
import type { Step } from '../../step.ts'
import type { AgentAsk } from '../ask.ts'
import { type AgentFile, agentFiles, agentPlanFiles, differing } from '../files.ts'
import { AGENT_STALE } from '../paths.ts'

/** stdin: a line a file, 'MODE PATH BASE64'. */
const PUT = script(
  `
umask 022
while read -r mode path body; do
  mkdir -p "\${path%/*}" && printf %s "$body" | base64 -d >"$path.new" && chmod "$mode" "$path.new" && mv -f "$path.new" "$path" || exit 1
done
`.trim(),
)

type Asked = EngineAsk & { readonly agent: AgentAsk }

export function agentFilesThere(ask: Asked): Step {
  return {
    id: 'agent-files',
    title: 'agent configured',
    doing: 'Configuring the engine agent',
    ...put(facts => agentFiles(facts, ask)),
  }
}

export function agentPlanThere(ask: Asked): Step {
  return {
    id: 'agent-plan',
    title: "plan known to the agent's watch",
    doing: "Leaving the plan for the agent's watch",
    ...put(facts => agentPlanFiles(facts, ask)),
  }
}

function put(filesOf: (facts: Facts) => AgentFile[]): Pick<Step, 'hint' | 'holds' | 'apply'> {
  return {
    hint: 'can root write /etc/machine-agent on the host?',
    holds: facts => differing(filesOf(facts), facts).length === 0,
    apply: async (host, facts, { signal }) => {
      const files = differing(filesOf(facts), facts)
      const takes = files.flatMap(file => file.takes ?? [])
      const mark = takes.length > 0 ? markStale(takes.includes('restart') ? 'restart' : 'reload') : sh`true`
      await host.run(all(mark, PUT), { root: true, input: files.map(lineOf).join(''), signal })
    },
  }
}

/** Said before a file changes, so that a change that was cut short is not forgotten; a restart does for a reload too. */
export function markStale(how: 'reload' | 'restart'): Cmd {
  if (how === 'restart') return sh`echo restart >${AGENT_STALE}`
  return sh`{ [ -e ${AGENT_STALE} ] || echo reload >${AGENT_STALE}; }`
}

function lineOf({ mode, path, text }: AgentFile): string {
  return `${mode.toString(8)} ${path} ${Buffer.from(text).toString('base64')}\n`
}
