/**
 * What systemd does elsewhere: takes connections, hands them to the process that serves, and starts that one again when it
 * ends; what comes in between waits. SIGHUP and SIGTERM are as for the process that serves.
 */
import type { ChildProcess } from 'node:child_process'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

import { readConfig } from './config.ts'
import { PLACES } from './places.ts'
import { say } from './say.ts'
import { BACKLOG } from './sockets.ts'
import { CONNECTION, DRAIN, startSuccessor } from './successor.ts'
import { programAt } from './version.ts'

/** Between a death and the next start; twice as long each time it dies at once, up to the longest. */
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 10_000
/** Connections that wait for a process to serve them. */
const MOST_WAITING = 1024

export async function supervise(): Promise<void> {
  const waiting: Socket[] = []
  let serving: ChildProcess | undefined
  let ending = false

  const hand = (socket: Socket) => {
    if (serving?.connected) serving.send(CONNECTION, socket, { keepOpen: false }, error => error && socket.destroy())
    else if (waiting.length < MOST_WAITING) waiting.push(socket)
    else socket.destroy()
  }
  const start = async () => {
    const program = programAt(join(PLACES.lib, 'current/agent.cjs')).path
    const child = await startSuccessor({ node: join(PLACES.lib, 'current/node'), program, sockets: [] })
    const since = performance.now()
    child.once('exit', () => {
      if (child !== serving || ending) return
      serving = undefined
      say('the process that served has ended')
      void again(performance.now() - since > LONGEST_WAIT_MS ? FIRST_WAIT_MS : 10 * FIRST_WAIT_MS)
    })
    const before = serving
    serving = child
    for (const socket of waiting.splice(0)) hand(socket)
    before?.send(DRAIN)
  }
  const again = async (waitMs: number): Promise<void> => {
    await new Promise(resolve => setTimeout(resolve, waitMs))
    if (ending) return
    try {
      await start()
    } catch (error) {
      say(`it does not start: ${(error as Error).message}`)
      await again(Math.min(waitMs * 2, LONGEST_WAIT_MS))
    }
  }
  process.on('SIGHUP', () => {
    const current = programAt(join(PLACES.lib, 'current/agent.cjs')).path
    if (serving?.spawnargs.includes(current)) serving.kill('SIGHUP')
    else start().catch(error => say(`the other version does not serve, the one before goes on: ${error.message}`))
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      ending = true
      if (!serving) process.exit(0)
      serving.once('exit', () => process.exit(0))
      serving.kill('SIGTERM')
    })
  await Promise.all(readConfig().ports.map(port => listen(port, hand)))
  await again(0)
}

function listen(port: number, hand: (socket: Socket) => void): Promise<Server> {
  // Paused: what the client has sent already belongs to the process that serves.
  const server = createServer({ pauseOnConnect: true, noDelay: true, keepAlive: true }, hand)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, backlog: BACKLOG }, () => resolve(server))
  })
}
