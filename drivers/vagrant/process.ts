/** The vagrant that is at work on a machine: noted, so that it is found and ended after its starter was killed. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { platform } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Places } from './places.ts'
import { printed } from './tool.ts'

/** How long it may take to come to an end in order: it finishes the step it is at. */
export const GRACE_MS = 20_000

/** Ends a group of processes: asked first, then killed. Resolves when its leader is gone. */
export async function endGroup(pid: number): Promise<void> {
  signalGroup(pid, 'SIGINT')
  for (const deadline = Date.now() + GRACE_MS; Date.now() < deadline; await sleep(100)) if (!isThere(pid)) return
  signalGroup(pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(platform === 'win32' ? pid : -pid, signal)
  } catch {
    // it ended in between
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(platform === 'win32' ? pid : -pid, 0)
    return true
  } catch {
    return false
  }
}

/** When a process began, as `ps` tells; '' where it is gone or there is no `ps`. A pid may be used again, with another begin. */
async function beginOf(pid: number): Promise<string> {
  if (platform === 'win32') return ''
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  return (await printed('ps', ['-o', 'lstart=', '-p', String(pid)], { env }).catch(() => '')).trim()
}

/** Notes that this process is at work on the machine. */
export async function noteRunning({ running }: Pick<Places, 'running'>, pid: number): Promise<void> {
  await writeFile(running, `${pid} ${await beginOf(pid)}\n`, { mode: 0o600 }).catch(() => {}) // no folder: nothing to find
}

/** It is no more. */
export async function noteEnded({ running }: Pick<Places, 'running'>): Promise<void> {
  await rm(running, { force: true })
}

/** Ends the vagrant of a run that was killed, if it goes on. True if there was one. */
export async function endOrphan(places: Pick<Places, 'running'>): Promise<boolean> {
  const [, pid, begin] = /^(\d+) (.+)\n$/.exec(await readFile(places.running, 'utf8').catch(() => '')) ?? []
  if (pid === undefined || begin !== (await beginOf(Number(pid)))) return false
  await endGroup(Number(pid))
  await noteEnded(places)
  return true
}
