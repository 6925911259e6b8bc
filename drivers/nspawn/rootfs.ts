import { join } from 'node:path'
import { hasCode, MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { readBuildProgress } from './build-progress.ts'
import { runAsRoot } from './root-shell.ts'
import { rootfsScript, WAITING } from './rootfs-script.ts'
import type { RootInputs, RootSource } from './settings.ts'

/**
 * Path of the tree a host is copied from: a given directory, or a cached tree, built now (up to a minute, with progress
 * told) unless it is there. Throws NSPAWN_BUILD with what to do about it.
 */
export async function ensureRootfs(source: RootSource, cacheDir: string, ctx: Ctx): Promise<string> {
  if ('directory' in source) return source.directory
  const progress = readBuildProgress()
  const onLine = (line: string) => {
    ctx.say({ type: 'debug', text: line })
    if (line === WAITING) ctx.say({ type: 'info', text: 'Waiting for another build of the same root file system...' })
    const now = progress(line)
    if (now) ctx.say({ type: 'progress', text: now.text, fraction: now.fraction })
  }
  const doing = source.inputs.tar
    ? `unpack ${source.inputs.tar.path}`
    : `build a Debian ${source.inputs.suite} root file system`
  const command = rootfsScript(cacheDir, source.key, source.inputs)
  await runAsRoot(command, { signal: ctx.signal, onLine, doing }).catch(error => {
    throw hasCode(error, 'NSPAWN_FAILED') ? explained(error as MachineError, source.inputs) : error
  })
  return join(cacheDir, 'nspawn', source.key)
}

/** Their words → what to do. The test quotes them as apt and tar print them. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /NO_PUBKEY|not signed|couldn't be verified|unknown key/i,
    'this computer does not know the keys of the release: apt-get install debian-archive-keyring (a newer one)',
  ],
  [
    /Release file .* (is expired|is not valid yet)/,
    'the mirror is out of date, or the clock here is wrong: check `date`, or name another with --nspawn-mirror',
  ],
  [
    /Temporary failure resolving|Could not (resolve|connect)|Unable to connect/i,
    'the package mirror cannot be reached: name another with --nspawn-mirror',
  ],
  [
    /Unable to locate package|has no installation candidate/i,
    'a name in --nspawn-packages is no package of this release',
  ],
  [/No space left on device/i, 'free some disk space, or move the cache with --nspawn-cache-dir'],
]

/** Adds the remedies that fit a failed build's last lines. */
export function explained(error: MachineError, inputs: Pick<RootInputs, 'suite'>): MachineError {
  const hints = REMEDIES.filter(([words]) => words.test(error.message)).map(([, hint]) => hint)
  const fallback = `machine create --debug shows the whole output; another release may do: --nspawn-suite (not ${inputs.suite})`
  return new MachineError('NSPAWN_BUILD', messageOf(error), {
    hints: hints.length > 0 ? hints : [fallback],
    cause: error,
  })
}
