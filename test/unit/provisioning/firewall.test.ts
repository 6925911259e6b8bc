import { describe, expect, test } from '@jest/globals'
import { blockingChains, parseFirewall } from '../../../provisioning/firewall.ts'

const chain = (policy: string, rules: string[]) =>
  `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n${rules.map(r => `\t\t${r}\n`).join('')}\t}\n\n\tchain other {\n\t\tdrop\n\t}\n}\n`

describe('nftables', () => {
  test.each([
    ['policy drop', chain('drop', ['tcp dport 22 accept']), true],
    ['policy accept', chain('accept', ['tcp dport 22 accept']), false],
    ['reject at the end', chain('accept', ['tcp dport 22 accept', 'reject with icmpx admin-prohibited']), true],
    ['counted drop at the end', chain('accept', ['counter packets 1 bytes 2 drop']), true],
    ['drop of some packets only', chain('accept', ['ct state invalid drop']), false],
    ['port accepted', chain('drop', ['tcp dport 2376 accept comment "machine 2376"']), false],
    ['port in a set', chain('drop', ['tcp dport { 22, 2376 } accept']), false],
    ['port in a range', chain('drop', ['tcp dport 2000-3000 accept']), false],
    ['port for one source only', chain('drop', ['ip saddr 192.0.2.1 tcp dport 2376 accept']), true],
    ['port dropped', chain('drop', ['tcp dport 2376 drop']), true],
  ])('%s', (_name, ruleset, blocks) => {
    expect(blockingChains(ruleset, 2376)).toEqual(blocks ? [{ family: 'inet', table: 'filter', chain: 'input' }] : [])
  })

  const seen = (ruleset: string, unit?: string) =>
    parseFirewall(
      new Map([
        ['firewall', ['nftables']],
        ['ruleset', [ruleset]],
        ...(unit ? [['firewall-unit', [unit]] as const] : []),
      ]),
      2376,
    ).kind

  test('our own rule counts only if something loads it again after a reboot', () => {
    const ruleset = chain('drop', ['tcp dport 2376 accept comment "machine 2376"'])
    expect(seen(ruleset)).toBe('nftables')
    expect(seen(ruleset, 'ExecStart=… tcp dport 2376 accept')).toBe('open')
  })
})

describe('other firewalls', () => {
  const kind = (sections: Record<string, string[]>) => parseFirewall(new Map(Object.entries(sections)), 2376)
  test('firewalld needs the port now and later', () => {
    expect(kind({ firewall: ['firewalld'], zone: ['home'], open: ['now'] })).toEqual({
      kind: 'firewalld',
      zone: 'home',
      now: true,
      later: false,
    })
    expect(kind({ firewall: ['firewalld'], zone: ['home'], open: ['now', 'later'] }).kind).toBe('open')
  })
  test.each([
    ['-P INPUT DROP', 'iptables'],
    ['-P INPUT ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited', 'iptables'],
    ['-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 2376 -j ACCEPT', 'open'],
    ['-P INPUT DROP\n-A INPUT -p tcp -m multiport --dports 2000:3000 -j ACCEPT', 'open'],
    ['-P INPUT DROP\n-A INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 2376 -j ACCEPT', 'iptables'],
    ['-P INPUT ACCEPT\n-A INPUT -p udp -m udp --dport 53 -j ACCEPT', 'open'],
  ])('iptables %j: %s', (rules, expected) => {
    expect(kind({ firewall: ['iptables'], ruleset: [rules] }).kind).toBe(expected)
  })
  test('no firewall', () => {
    expect(kind({}).kind).toBe('open')
  })
})
