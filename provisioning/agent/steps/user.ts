/** The agent's user: no shell, no home, of groups only docker, whose socket it relays to; and a folder that is its own. */
import { HOST } from '../../../agent/protocol.ts'
import { script } from '../../../src/ssh/quote.ts'
import type { Step } from '../../step.ts'
import { CONFIG_FOLDER } from '../paths.ts'

/** util-linux' tools, else busybox'. */
const MAKE = script(
  `
u=${HOST.user}; s=/bin/false; for f in /usr/sbin/nologin /sbin/nologin; do [ -x $f ] && { s=$f; break; }; done
grep -q '^docker:' /etc/group || groupadd -r docker 2>/dev/null || addgroup -S docker || exit 1
id $u >/dev/null 2>&1 || useradd -r -M -U -d /nonexistent -s $s $u 2>/dev/null ||
  { addgroup -S $u 2>/dev/null; adduser -S -D -H -h /nonexistent -s $s -G $u $u; } || exit 1
case " $(id -nG $u) " in *' docker '*) ;; *) usermod -aG docker $u 2>/dev/null || addgroup $u docker || exit 1 ;; esac
umask 022; mkdir -p ${CONFIG_FOLDER} ${HOST.lib}/versions && mkdir -p -m 700 ${HOST.state} && chown $u ${HOST.state} && chmod 700 ${HOST.state}
`.trim(),
)

export const agentUser: Step = {
  id: 'agent-user',
  title: "the agent's user in the group docker",
  doing: "Making the agent's user",
  hint: 'is `useradd` or `adduser` on the host?',
  holds: ({ agent }) => agent.state && agent.userGroups?.includes('docker') === true,
  apply: async (host, _facts, { signal }) => {
    await host.run(MAKE, { root: true, signal })
  },
}
