/**
 * The agent knows the newest list of revoked client certificates that is known here; one that is newer there stays, and one
 * that cannot be read, with which no agent starts, does not.
 */
import { HOST, type Revocations } from '../../../agent/protocol.ts'
import { all, script } from '../../../src/ssh/quote.ts'
import type { Step } from '../../step.ts'
import type { AgentAsk } from '../ask.ts'
import { CONFIG_FOLDER } from '../paths.ts'
import { markStale } from './files.ts'

/** stdin: the list, or nothing. On the disk before it has its name: half a list would keep the agent from starting. */
const PUT = script(
  `
set -e; umask 077; n=${CONFIG_FOLDER}/.new-revoked
cat >$n; [ -s $n ] || { rm -f $n ${HOST.revoked}; exit 0; }
chown ${HOST.user} $n; sync $n 2>/dev/null || sync; mv -f $n ${HOST.revoked}
`.trim(),
)

export function agentRevocations({ revocations }: AgentAsk): Step {
  return {
    id: 'agent-revocations',
    title: 'revoked certificates known to the agent',
    doing: 'Telling the agent which certificates are revoked',
    hint: 'is there room on the host?',
    holds: ({ agent }) => agent.revoked >= (revocations ? numberOf(revocations.payload) : 0),
    apply: async (host, _facts, { signal }) => {
      const input = revocations ? `${JSON.stringify(revocations)}\n` : ''
      await host.run(all(markStale('reload'), PUT), { root: true, signal, input })
    },
  }
}

function numberOf(payload: string): number {
  return (JSON.parse(payload) as Revocations).number
}
