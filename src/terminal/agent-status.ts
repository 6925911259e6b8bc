/** The agent's health, for people. */
import type { Health } from '../../agent/protocol.ts'
import { table } from './table.ts'

const GIB = 1024 ** 3

export function renderAgentStatus(name: string, url: string, health: Health, now: Date): string {
  const { agent, engine, disk, certificate, cas, revocation, you, clock, drift, problems } = health
  const rows: [string, string][] = [
    ['agent', `${agent.version} (${agent.digest}) on Node ${agent.node}, since ${agent.started}`],
    ['address', url],
    [
      'engine',
      engine.answers ? `${engine.version} (API ${engine.minApiVersion} to ${engine.apiVersion})` : engine.error,
    ],
    ...(disk ? [['disk', diskText(disk)] as [string, string]] : []),
    ['certificate', `${certificate.serial}, until ${ending(certificate.notAfter, now)}`],
    ...cas.map((ca): [string, string] => ['CA', `${ca.fingerprint256}, until ${ending(ca.notAfter, now)}`]),
    ['revoked', revocation.number === 0 ? 'none' : `${counted(revocation.serials)} (list ${revocation.number})`],
    ['you', `${you.name}, ${you.role}, certificate ${you.serial} until ${ending(you.notAfter, now)}`],
    ['clock', clock],
    ['watch', drift ? `looked at ${drift.checked}` : 'has not looked'],
  ]
  const told = problems.length === 0 ? ['all is well'] : problems.map(problem => `! ${problem}`)
  return [name, ...table(rows).trimEnd().split('\n').map(indented), ...told.map(indented)].join('\n')
}

function counted(certificates: number): string {
  return `${certificates} certificate${certificates === 1 ? '' : 's'}`
}

function indented(line: string): string {
  return `  ${line}`
}

function diskText({ path, totalBytes, freeBytes, inodes = 0, freeInodes = 0 }: NonNullable<Health['disk']>): string {
  const gib = (bytes: number) => (bytes / GIB).toFixed(1)
  const share = (part: number, whole: number) => `${whole > 0 ? Math.floor((part / whole) * 100) : 0} %`
  const files = inodes > 0 ? `, ${share(freeInodes, inodes)} of the inodes` : ''
  return `${gib(freeBytes)} of ${gib(totalBytes)} GiB free (${share(freeBytes, totalBytes)}${files}) at ${path}`
}

function ending(notAfter: string, now: Date): string {
  const days = Math.floor((Date.parse(notAfter) - now.getTime()) / 86_400_000)
  return `${notAfter.slice(0, 10)} (${days < 0 ? 'over' : `${days} day${days === 1 ? '' : 's'} left`})`
}
