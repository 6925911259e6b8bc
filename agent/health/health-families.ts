/** The health as metrics. */
import type { Health } from '../protocol.ts'
import type { Family, Labels } from './counter.ts'
import type { ProcessFacts } from './process-facts.ts'

export function healthFamilies(health: Health, facts: ProcessFacts): Family[] {
  const { agent, engine, disk, certificate, cas, revocation, drift, problems } = health
  const gauge = (name: string, help: string, ...samples: [Labels, number | undefined][]): Family => ({
    name: `machine_agent_${name}`,
    type: 'gauge',
    help,
    samples: samples.flatMap(([labels, value]) => (value === undefined ? [] : [['', labels, value] as const])),
  })
  const drifted = drift && [
    Object.keys(drift.files).length,
    drift.units.length,
    Number(drift.portOpen === false) + Number(drift.listening === false),
  ]
  const ends = cas.map((ca): [Labels, number] => [
    { certificate: 'ca', fingerprint: ca.fingerprint256 },
    seconds(ca.notAfter),
  ])
  return [
    gauge('info', 'Version of the agent and of the Node it runs on.', [
      { version: agent.version, digest: agent.digest, node: agent.node },
      1,
    ]),
    gauge('start_time_seconds', 'When the agent started, in Unix time.', [{}, seconds(agent.started)]),
    gauge('resident_memory_bytes', 'Resident memory of the agent.', [{}, facts.residentBytes]),
    gauge('event_loop_delay_seconds', 'How late the event loop was at most since the last scrape.', [
      {},
      facts.loopDelaySeconds,
    ]),
    {
      name: 'machine_agent_audit_lines_dropped_total',
      type: 'counter',
      help: 'Audit lines lost because the journal or the disk did not take them.',
      samples: [['', {}, facts.droppedAuditLines]],
    },
    gauge('engine_up', 'Whether the engine answers.', [{}, Number(engine.answers)]),
    gauge('engine_info', 'Version of the engine.', [
      engine.answers ? { version: engine.version, api_version: engine.apiVersion } : {},
      engine.answers ? 1 : undefined,
    ]),
    gauge('disk_bytes', "Size of the file system with the engine's data.", [{}, disk?.totalBytes]),
    gauge('disk_free_bytes', "What is free of it for the engine's data.", [{}, disk?.freeBytes]),
    gauge('disk_inodes', 'Inodes of that file system.', [{}, disk?.inodes]),
    gauge('disk_free_inodes', 'Inodes that are free.', [{}, disk?.freeInodes]),
    gauge(
      'certificate_expiry_seconds',
      'When the certificate runs out, in Unix time.',
      [{ certificate: 'server', fingerprint: '' }, seconds(certificate.notAfter)],
      ...ends,
    ),
    gauge('revocation_number', 'Number of the revocation list in force; 0 for none.', [{}, revocation.number]),
    gauge('revoked_certificates', 'Client certificates that list names.', [{}, revocation.serials]),
    gauge('drift', 'Files, units and ports that are no longer as provisioning left them.', [
      {},
      drifted?.reduce((sum, n) => sum + n),
    ]),
    gauge('drift_checked_seconds', 'When that was looked at, in Unix time.', [{}, drift && seconds(drift.checked)]),
    gauge('problems', 'How many problems the health tells.', [{}, problems.length]),
  ]
}

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}
