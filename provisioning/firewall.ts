/** The host's own firewall: whether one is in the way of the engine's port. Reading is pure; opening is steps/firewall.ts. */

export type FirewallFacts =
  /** None, or one that lets the port through. */
  | { readonly kind: 'open' }
  | { readonly kind: 'firewalld'; readonly zone: string; readonly now: boolean; readonly later: boolean }
  | { readonly kind: 'ufw' }
  /** Chains hooked into input that drop what they don't know, without a rule for the port. */
  | { readonly kind: 'nftables'; readonly chains: readonly Chain[] }
  | { readonly kind: 'iptables' }

export interface Chain {
  readonly family: string
  readonly table: string
  readonly chain: string
}

/** Reads the firewall's sections of the facts. */
export function parseFirewall(has: ReadonlyMap<string, readonly string[]>, port: number): FirewallFacts {
  const kind = has.get('firewall')?.[0]
  const open = has.get('open') ?? []
  const persisted = (has.get('firewall-unit')?.[0] ?? '').includes(`dport ${port} `)
  if (kind === 'firewalld') {
    const [now, later] = [open.includes('now'), open.includes('later')]
    return now && later ? { kind: 'open' } : { kind, zone: has.get('zone')?.[0] ?? 'public', now, later }
  }
  if (kind === 'ufw') return open.includes('now') ? { kind: 'open' } : { kind }
  const ruleset = has.get('ruleset')?.[0] ?? ''
  if (kind === 'nftables') {
    // A rule of ours in force that nothing would load again counts as none.
    const lasting = persisted ? ruleset : ruleset.replaceAll(new RegExp(`^.*comment "machine ${port}".*\\n`, 'gm'), '')
    const chains = blockingChains(lasting, port)
    return chains.length > 0 ? { kind, chains } : { kind: 'open' }
  }
  if (kind === 'iptables') return iptablesOpen(ruleset, port) ? { kind: 'open' } : { kind }
  return { kind: 'open' }
}

/** Input chains of `nft list ruleset` that end in drop or reject and have no rule accepting the port. */
export function blockingChains(ruleset: string, port: number): Chain[] {
  const found: Chain[] = []
  let table: [string, string] = ['', '']
  for (const block of ruleset.split(/^(?=table |\tchain )/m)) {
    const inTable = /^table (\S+) (\S+) \{/.exec(block)
    if (inTable) table = [inTable[1] ?? '', inTable[2] ?? '']
    const chain = /^\tchain (\S+) \{/.exec(block)?.[1]
    const hook = /type filter hook input priority [^;]*;(?: policy (\w+);)?/.exec(block)
    if (!chain || !hook) continue
    const rules = block.split('\n').map(line => line.trim())
    const closes =
      hook[1] === 'drop' ||
      rules.some(rule => /^(?:counter(?: packets \d+ bytes \d+)? )?(?:drop|reject\b.*)$/.test(rule))
    if (closes && !rules.some(rule => accepts(rule, port))) found.push({ family: table[0], table: table[1], chain })
  }
  return found
}

function accepts(rule: string, port: number): boolean {
  const match =
    /^(?:meta l4proto tcp )?tcp dport (?:\{([^}]*)\}|(\S+)) (?:ct state [\w,]+ )?(?:counter(?: packets \d+ bytes \d+)? )?accept\b/.exec(
      rule,
    )
  return (match?.[1] ?? match?.[2] ?? '').split(',').some(part => within(part.trim(), port, '-'))
}

function within(range: string, port: number, dash: string): boolean {
  const [low, high = low] = range.split(dash).map(Number)
  return low !== undefined && high !== undefined && low <= port && port <= high
}

/** `iptables -S INPUT`: open by policy and without a closing rule, or the port is accepted. */
function iptablesOpen(rules: string, port: number): boolean {
  const lines = rules.split('\n')
  const closes = lines.some(line => /^-P INPUT (DROP|REJECT)|^-A INPUT -j (DROP|REJECT)\b/.test(line))
  return (
    !closes ||
    lines.some(
      line =>
        /^-A INPUT -p tcp .*-j ACCEPT$/.test(line) &&
        !/ -[is] /.test(line) &&
        within(/dports? (\S+)/.exec(line)?.[1] ?? '', port, ':'),
    )
  )
}
