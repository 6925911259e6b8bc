/** What a client may take of the agent. Times in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** From the first byte of a head to its last; also for a TLS handshake. */
  headMs: 10_000,
  /** A connection that asks nothing; Go's clients end theirs after 90 s at most. */
  idleMs: 300_000,
  /** For a body that has to be read whole before the engine sees it. */
  bodyMs: 60_000,
  /** Such a body, and an answer that has to be rewritten. */
  wholeBody: 8 * 1024 * 1024,
  wholeAnswer: 32 * 1024 * 1024,
  /** Such a body for the agent itself, of who has nothing to change here. */
  idleBody: 64 * 1024,
  /** The head of an engine's answer. */
  answerHead: 1024 * 1024,
  /** What a client sent beyond its request, while that is being answered. */
  held: 256 * 1024,
  connections: 4096,
  /** Of one client, by its certificate: others shall find some left. */
  connectionsOfOne: 512,
  /** What is kept in memory for one client, and for all: heads, bodies and answers that have to be whole. */
  keptOfOne: 64 * 1024 * 1024,
  keptOfAll: 128 * 1024 * 1024,
  /** Connections that have not shown a certificate yet. */
  handshakes: 1024,
  /** Of them of one address, so that a neighbour without a certificate keeps nobody out. */
  handshakesOfAddress: 512,
} as const
