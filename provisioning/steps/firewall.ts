/** The host's own firewall lets the engine's port through, now and after a reboot. */
import { all, type Cmd, sh, textOf } from '../../src/ssh/quote.ts'
import type { EngineAsk } from '../ask.ts'
import type { Chain, FirewallFacts } from '../firewall.ts'
import type { Step } from '../step.ts'

const NAME = 'machine-firewall.service'
const UNIT = `/etc/systemd/system/${NAME}`

export function firewall({ port }: EngineAsk): Step {
  return {
    id: 'firewall',
    title: `port ${port} open in the host's firewall`,
    doing: `Opening port ${port} in the host's firewall`,
    hint: `open TCP port ${port} in the host's firewall`,
    holds: facts => facts.firewall.kind === 'open',
    apply: async (host, facts, { say, signal, machine }) => {
      const wall = facts.firewall
      if (wall.kind === 'open') return
      const lasts = wall.kind === 'firewalld' || wall.kind === 'ufw' || facts.init === 'systemd'
      if (lasts && (wall.kind === 'nftables' || wall.kind === 'iptables')) {
        await host.upload(UNIT, unitText(wall, port), { root: true, signal })
        await host.run(sh`systemctl daemon-reload && systemctl enable ${NAME} && systemctl restart ${NAME}`, {
          root: true,
          signal,
        })
      } else await host.run(openCommand(wall, port), { root: true, signal })
      const text = `opened TCP port ${port} in the host's ${wall.kind} firewall`
      if (lasts) say({ type: 'info', machine, text })
      else say({ type: 'warn', machine, text: `${text}, until it is loaded anew: add it to the host's own rules` })
    },
  }
}

type Rules = FirewallFacts & { kind: 'nftables' | 'iptables' }

/** Commands that put our rule where it is missing; fit to run at any time, so the unit below runs the same ones. */
function rulesOf(wall: Rules, port: number): Cmd[] {
  return wall.kind === 'iptables' ? [iptablesRule('iptables', port)] : wall.chains.map(chain => chainRule(chain, port))
}

function openCommand(wall: Exclude<FirewallFacts, { kind: 'open' }>, port: number): Cmd {
  if (wall.kind === 'ufw') return sh`ufw allow ${port}/tcp`
  if (wall.kind !== 'firewalld') return all(sh`true`, ...rulesOf(wall, port))
  const opening = sh`--zone=${wall.zone} --add-port=${port}/tcp`
  return sh`firewall-cmd --permanent ${opening} && firewall-cmd ${opening}`
}

/** iptables' own tables can no longer be listed by iptables once nft has put a rule into them. */
function chainRule({ family, table, chain }: Chain, port: number): Cmd {
  if (table === 'filter' && chain === 'INPUT' && (family === 'ip' || family === 'ip6')) {
    return iptablesRule(family === 'ip' ? 'iptables' : 'ip6tables', port)
  }
  const comment = `"machine ${port}"`
  return sh`{ nft list chain ${family} ${table} ${chain} | grep -q ${comment} || nft insert rule ${family} ${table} ${chain} tcp dport ${port} accept comment ${comment}; }`
}

function iptablesRule(tool: string, port: number): Cmd {
  const rule = sh`INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`
  return sh`{ ${tool} -C ${rule} 2>/dev/null || ${tool} -I ${rule}; }`
}

/** Runs after whatever loads the host's rules, and again when they are reloaded. */
function unitText(wall: Rules, port: number): string {
  const lines = rulesOf(wall, port).map(rule => `/bin/sh -c ${JSON.stringify(textOf(rule))}`)
  return `[Unit]
Description=Port of the Docker engine, opened by machine
After=nftables.service iptables.service netfilter-persistent.service
PartOf=nftables.service iptables.service
ReloadPropagatedFrom=nftables.service iptables.service

[Service]
Type=oneshot
RemainAfterExit=yes
${lines.map(line => `ExecStart=${line}\nExecReload=${line}`).join('\n')}

[Install]
WantedBy=multi-user.target
`
}
