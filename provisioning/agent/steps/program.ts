/** The agent's program lies on the host, whole: its digest is counted there before it gets its name. */
import { HOST } from '../../../agent/protocol.ts'
import { MachineError } from '../../../src/errors.ts'
import { all, script, sh } from '../../../src/ssh/quote.ts'
import type { Step } from '../../step.ts'
import type { AgentAsk } from '../ask.ts'
import { nodePath } from '../runtime.ts'

const WRONG = 9

/** stdin: the program. Root's umask may be anything; the agent reads it and writes nothing here. */
const PUT = script(
  `
umask 022; v=${HOST.lib}/versions; rm -rf "$v/.new" && mkdir -p "$v/.new" || exit 1
cat >"$v/.new/agent.cjs" || exit 1
[ "$(sha256sum <"$v/.new/agent.cjs" | cut -c1-16)" = $DIGEST ] || { rm -rf "$v/.new"; exit ${WRONG}; }
ln -s "$NODE" "$v/.new/node" && chmod 644 "$v/.new/agent.cjs" && rm -rf "$v/$DIGEST" && mv "$v/.new" "$v/$DIGEST"
`.trim(),
)

export function agentProgramThere({ program }: AgentAsk): Step {
  const { digest, text } = program
  return {
    id: 'agent-program',
    title: "the agent's program in place",
    doing: "Putting the agent's program in place",
    announce: 'Installing the engine agent...',
    hint: `is there room in ${HOST.lib}?`,
    holds: ({ agent }) => agent.versions.includes(digest),
    apply: async (host, facts, { signal }) => {
      const put = all(sh`DIGEST=${digest} NODE=${nodePath(facts) ?? ''}`, PUT)
      const { code } = await host.run(put, { root: true, input: text, ok: [0, WRONG], signal })
      if (code === WRONG) {
        throw new MachineError('AGENT_DAMAGED', `the agent's program did not arrive whole on ${host.name}`, {
          hints: ['run the command again'],
        })
      }
    },
  }
}
