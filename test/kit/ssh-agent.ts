/** An SSH agent of a test's own. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface Agent extends AsyncDisposable {
  /** SSH_AUTH_SOCK. */
  readonly env: Record<string, string>
  /** Adds a key file, with its passphrase if it has one. */
  add(keyPath: string, passphrase?: string): void
}

/** Starts an agent whose socket lies below `dir`. */
export async function startAgent(dir: string): Promise<Agent> {
  const own = await mkdtemp(join(dir, 'agent-'))
  const env = { SSH_AUTH_SOCK: join(own, 'socket') }
  const agent = spawn('ssh-agent', ['-D', '-a', env.SSH_AUTH_SOCK], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(agent.stdout, 'data') // it prints its settings once it listens
  return {
    env,
    add(keyPath, passphrase) {
      const askpass = join(own, 'askpass')
      writeFileSync(askpass, `#!/bin/sh\necho '${passphrase ?? ''}'\n`, { mode: 0o700 })
      const asking = { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: 'none' }
      execFileSync('ssh-add', ['-q', keyPath], { env: { ...process.env, ...env, ...asking }, stdio: 'ignore' })
    },
    async [Symbol.asyncDispose]() {
      agent.kill('SIGTERM')
      if (agent.exitCode === null && agent.signalCode === null) await once(agent, 'exit')
      await rm(own, { recursive: true, force: true })
    },
  }
}
