/** Which VirtualBox it is, and what of it we use is called otherwise in another. */
import { MachineError } from '../../src/errors.ts'
import { readVersion } from './listings.ts'
import { problemIn } from './problems.ts'
import { howToGet } from './program.ts'
import { vbox } from './run.ts'
import type { Here } from './state.ts'

export type Version = readonly [major: number, minor: number, patch: number]

/** Whether it is this one or newer. */
export function isAtLeast(version: Version, ...least: number[]): boolean {
  for (const [i, number] of least.entries()) if (version[i] !== number) return (version[i] ?? 0) > number
  return true
}

/** Throws VBOX_OLD for one that is older than 6.1: none is looked after, and leases cannot be asked for. */
export async function versionOf(here: Here): Promise<Version> {
  const text = await vbox(['--version'], here, { doing: 'tell its version' })
  // The wrapper script of Linux warns of it before every command, and goes on.
  const problem = problemIn(text)
  if (problem) throw new MachineError(problem.code, problem.text, { hints: [...problem.hints] })
  const version = readVersion(text)
  if (version === undefined) throw new MachineError('VBOX_FAILED', `VBoxManage tells no version, but "${text.trim()}"`)
  if (isAtLeast(version, 6, 1)) return version
  throw new MachineError('VBOX_OLD', `VirtualBox ${version.join('.')} is too old`, { hints: [howToGet()] })
}

/** Options of `modifyvm` that have other names since a version; the old ones are aliases there "at least for a while". */
const SINCE_7_0: Readonly<Record<string, string>> = {
  rtcuseutc: 'rtc-use-utc',
  biosbootmenu: 'bios-boot-menu',
  bioslogodisplaytime: 'bios-logo-display-time',
  nictype: 'nic-type',
  nicpromisc: 'nic-promisc',
  cableconnected: 'cable-connected',
  macaddress: 'mac-address',
  hostonlyadapter: 'host-only-adapter',
  natpf: 'nat-pf',
  natdnshostresolver: 'nat-dns-host-resolver',
  natdnsproxy: 'nat-dns-proxy',
  uartmode: 'uart-mode',
}
const SINCE_7_1: Readonly<Record<string, string>> = {
  biosbootmenu: 'firmware-boot-menu',
  bioslogodisplaytime: 'firmware-logo-display-time',
}

/** `nictype2` as this version calls it: '--nic-type2'. */
export function option(version: Version, name: string): string {
  const [, word = name, index = ''] = /^(.*?)(\d*)$/.exec(name) ?? []
  const newest = isAtLeast(version, 7, 1) ? SINCE_7_1[word] : undefined
  return `--${newest ?? (isAtLeast(version, 7) ? SINCE_7_0[word] : undefined) ?? word}${index}`
}
