/**
 * How much of the agent each client may have: connections, and bytes that are kept for it. Counted by certificate, so that
 * whoever takes too much is refused and nobody else is.
 */
import { HttpProblem } from '../http/problem.ts'
import { LIMITS } from './limits.ts'

/** Of one connection. */
export interface Share {
  /** Counts bytes kept in memory for this client, or let go of where negative. @throws HttpProblem 503 */
  keep(bytes: number): void
  /** The connection is over, and what was kept for it is gone. */
  leave(): void
}

export interface Shares {
  /** A share for one more connection of this client; undefined where it has all it may have. */
  enter(serial: string): Share | undefined
}

export function createShares(): Shares {
  const clients = new Map<string, { connections: number; kept: number }>()
  let connections = 0
  let keptOfAll = 0
  return {
    enter(serial) {
      const client = clients.get(serial) ?? { connections: 0, kept: 0 }
      if (client.connections >= LIMITS.connectionsOfOne || connections >= LIMITS.connections) return undefined
      clients.set(serial, client)
      client.connections += 1
      connections += 1
      let mine = 0
      const count = (bytes: number) => {
        mine += bytes
        client.kept += bytes
        keptOfAll += bytes
      }
      return {
        keep(bytes) {
          if (bytes > 0 && (client.kept + bytes > LIMITS.keptOfOne || keptOfAll + bytes > LIMITS.keptOfAll))
            throw new HttpProblem(503, 'the agent has no room for this now')
          count(bytes)
        },
        leave() {
          count(-mine)
          client.connections -= 1
          connections -= 1
          if (client.connections === 0) clients.delete(serial)
        },
      }
    },
  }
}
