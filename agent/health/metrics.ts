/** Counters of the relay, and `/_machine/metrics` made of them and of the health. */
import type { Entry } from '../audit/entry.ts'
import type { Health } from '../protocol.ts'
import { counter, type Family, type Labels, renderFamilies } from './counter.ts'
import { durations } from './durations.ts'
import { healthFamilies } from './health-families.ts'
import type { ProcessFacts } from './process-facts.ts'

export interface Metrics {
  connectionOpened(): void
  connectionClosed(): void
  /** A word or two of a fixed list: 'no certificate', 'timeout'. */
  handshakeFailed(reason: string): void
  /** As above, of a request or connection that was turned away: 'bad head', 'limit', 'role', 'revoked'. */
  refused(kind: string): void
  /** An answered (or cut) request, once, when all of it is over. */
  request(entry: Entry): void
  /** A stream that took its connection over: attach, exec, session. */
  streamOpened(): void
  streamClosed(): void
  render(health: Health, facts: ProcessFacts): string
}

/** Methods are the client's to choose: others count as one. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE'])

export function createMetrics(): Metrics {
  const handshakes = counter({ reason: 'other' })
  const refusals = counter({ kind: 'other' })
  const requests = counter({ role: 'none', method: 'other', status: 'none' })
  const took = durations()
  const bytes = { in: 0, out: 0 }
  const connections = { opened: 0, closed: 0 }
  const streams = { opened: 0, closed: 0 }

  const counted = ([labels, value]: [Labels, number]) => ['', labels, value] as const
  const families = (): Family[] => [
    {
      name: 'machine_agent_connections_total',
      type: 'counter',
      help: 'Connections accepted.',
      samples: [['', {}, connections.opened]],
    },
    {
      name: 'machine_agent_connections_open',
      type: 'gauge',
      help: 'Connections open now.',
      samples: [['', {}, connections.opened - connections.closed]],
    },
    {
      name: 'machine_agent_streams_open',
      type: 'gauge',
      help: 'Connections taken over by a stream (attach, exec, session) now.',
      samples: [['', {}, streams.opened - streams.closed]],
    },
    {
      name: 'machine_agent_handshakes_failed_total',
      type: 'counter',
      help: 'TLS handshakes that failed.',
      samples: handshakes.samples().map(counted),
    },
    {
      name: 'machine_agent_refused_total',
      type: 'counter',
      help: 'Requests and connections turned away by the agent itself.',
      samples: refusals.samples().map(counted),
    },
    {
      name: 'machine_agent_requests_total',
      type: 'counter',
      help: 'Requests that are over, by what their client may do, method and class of the status.',
      samples: requests.samples().map(counted),
    },
    {
      name: 'machine_agent_request_bytes_total',
      type: 'counter',
      help: 'Bytes of bodies and streams, in from clients and out to them.',
      samples: [
        ['', { direction: 'in' }, bytes.in],
        ['', { direction: 'out' }, bytes.out],
      ],
    },
    {
      name: 'machine_agent_request_duration_seconds',
      type: 'histogram',
      help: 'How long requests took; streams that took their connection over are not in it.',
      samples: took.samples(),
    },
  ]

  return {
    connectionOpened() {
      connections.opened += 1
    },
    connectionClosed() {
      connections.closed += 1
    },
    streamOpened() {
      streams.opened += 1
    },
    streamClosed() {
      streams.closed += 1
    },
    handshakeFailed: reason => handshakes.add({ reason }),
    refused: kind => refusals.add({ kind }),
    request(entry) {
      const method = METHODS.has(entry.method) ? entry.method : 'other'
      requests.add({ role: entry.role ?? 'none', method, status: statusClass(entry.status) })
      bytes.in += entry.bytesIn
      bytes.out += entry.bytesOut
      if (entry.status !== 101) took.add(entry.durationMs / 1000)
    },
    render: (health, facts) => renderFamilies([...families(), ...healthFamilies(health, facts)]),
  }
}

function statusClass(status: number): string {
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : 'none'
}
