/** The same engine without the agent: its socket, brought here by SSH. What the agent may not change is compared with it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dev } from './dev-machine.ts'

export interface DirectEngine extends AsyncDisposable {
  /** Environment of a docker client that speaks to it. */
  readonly env: Readonly<Record<string, string | undefined>>
  [Symbol.asyncDispose](): Promise<void>
}

export async function openDirectEngine(dev: Dev): Promise<DirectEngine> {
  const socket = join(dev.home.path, 'engine.sock')
  const folder = join(dev.home.store, 'machines/dev')
  await dev.ssh('true') // writes known_hosts
  const known = ['-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`, '-o', 'StrictHostKeyChecking=yes']
  const args = ['-nNT', '-i', join(folder, 'id_rsa'), ...known, '-L', `${socket}:/var/run/docker.sock`]
  const ssh = spawn('ssh', [...args, `root@${dev.address}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  ssh.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  for (const deadline = Date.now() + 30_000; !existsSync(socket); await sleep(20))
    if (ssh.exitCode !== null || Date.now() > deadline) throw new Error(`ssh brought no socket: ${said}`)
  return {
    env: { ...dev.home.env, DOCKER_HOST: `unix://${socket}` },
    [Symbol.asyncDispose]: () => end(ssh),
  }
}

async function end(ssh: ChildProcess): Promise<void> {
  if (ssh.exitCode !== null || ssh.signalCode !== null) return
  ssh.kill()
  await once(ssh, 'exit')
}
