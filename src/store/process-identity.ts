/** Which process this is, so that another one can tell later whether it still lives. */
import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'
import { errnoOf } from './unwritable.ts'

export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** When the process started, in the system's own words; tells it from a later process of the same pid. '' if unknown. */
  readonly started: string
  /** Boot of the computer: no process outlives it. '' where the system does not say. */
  readonly boot: string
  /** Process ids mean something only within their namespace (containers that share a store and a host name). */
  readonly pids: string
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, host: hostname(), started: await startOf(process.pid), ...(await surroundings()) }
}

/** 'dead' only if that is sure: it ran on this computer, where its pid is free or another's now. */
export async function fateOf(other: ProcessIdentity): Promise<'alive' | 'dead' | 'elsewhere'> {
  if (other.host !== hostname()) return 'elsewhere'
  const here = await surroundings()
  if (other.boot !== '' && here.boot !== '' && other.boot !== here.boot) return 'dead'
  if (other.pids !== here.pids) return 'elsewhere'
  if (!exists(other.pid)) return 'dead'
  const started = await startOf(other.pid)
  if (started === 'zombie') return 'dead'
  return other.started !== '' && started !== '' && other.started !== started ? 'dead' : 'alive'
}

/** What a pid of this computer depends on: its boot, and the namespace of process ids. */
export async function surroundings(): Promise<Pick<ProcessIdentity, 'boot' | 'pids'>> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return { boot: boot.trim(), pids: await readlink('/proc/self/ns/pid').catch(() => '') }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM' // there, but another user's
  }
}

/** 'zombie' for a process that ended and was not waited for: kill -9 of a child leaves one for a while. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return await startByPs(pid)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before it may hold spaces and brackets
  return fields[0] === 'Z' || fields[0] === 'X' ? 'zombie' : (fields[19] ?? '')
}

/** Systems without /proc; Windows has no ps either, there the pid alone has to do. */
async function startByPs(pid: number): Promise<string> {
  const options = { env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin' } }
  const ran = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], options).catch(() => undefined)
  return ran?.stdout.trim() ?? ''
}
