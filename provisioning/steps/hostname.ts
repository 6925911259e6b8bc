/** The host is called as its machine (only where the machine was made by us). */
import { sh } from '../../src/ssh/quote.ts'
import type { EngineAsk } from '../ask.ts'
import type { Step } from '../step.ts'

export function hostname({ hostname: name }: EngineAsk): Step {
  return {
    id: 'hostname',
    title: 'host named',
    doing: 'Naming the host',
    hint: 'can root write /etc/hostname and /etc/hosts on the host?',
    holds: facts => name === undefined || (facts.hostname === name && facts.inHosts),
    apply: async (host, _facts, { signal }) => {
      if (name === undefined) return
      // hostnamectl needs D-Bus, which small hosts do not have; the kernel and the file are what it would set.
      const rename = sh`N=${name}; { hostnamectl set-hostname "$N" 2>/dev/null || { echo "$N" >/etc/hostname && hostname "$N"; }; } &&
        { grep -qw -- "$N" /etc/hosts 2>/dev/null || printf '127.0.1.1\t%s\n' "$N" >>/etc/hosts; }`
      await host.run(rename, { root: true, signal })
    },
  }
}
