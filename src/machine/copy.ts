/** `scp`: files between machines and this computer, by the scp or the rsync of this computer. */
import { MachineError, UsageError } from '../errors.ts'
import { lacksSftp, remotePath, type ScpProtocol, scpFlags } from '../ssh/scp.ts'
import { checkAll } from './check-all.ts'
import { localWord, type MachineSide, readSide, type Side } from './copy-side.ts'
import { findOnPath, runWatched, type Said, textOf } from './programs.ts'
import { type SshFiles, sshFiles } from './ssh-files.ts'
import { sshWay } from './ssh-way.ts'
import type { World } from './world.ts'

export interface CopyOptions {
  /** Folders with all that is in them. */
  recursive?: boolean
  /** Only what differs, by rsync; needs rsync on both sides. */
  delta?: boolean
  /** No progress. */
  quiet?: boolean
  /** False: nothing of the program's words is shown, for the library. */
  show?: boolean
}

/**
 * Copies `from` to `to`, each a path or `[user@]machine:path`. Returns the exit code of scp or rsync and its last words.
 * Throws USAGE, NOT_FOUND (all names at once), NOT_RUNNING, TOOL_MISSING.
 */
export async function copyFiles(from: string, to: string, w: World, options: CopyOptions = {}): Promise<Said> {
  const sides = [readSide(from, w.platform), readSide(to, w.platform)] as const
  const remote = sides.filter((side): side is MachineSide => side.kind === 'machine')
  if (options.delta && remote.length === 2) throw rsyncBetweenTwo(from, to, w)
  const program = await tool(options.delta ? 'rsync' : 'scp', w)
  const names = [...new Set(remote.map(side => side.name))]
  await checkAll(names, w)
  await using files = await sshFiles(await Promise.all(names.map(name => sshWay(name, w))), w)
  return await (options.delta ? rsync : scp)(program, sides, files, w, options)
}

type Tool = (program: string, sides: readonly Side[], files: SshFiles, w: World, options: CopyOptions) => Promise<Said>

/** -3: what goes from one machine to another passes through here, so that neither has to know the other. */
const scp: Tool = async (program, sides, files, w, options) => {
  const version = await textOf((await findOnPath('ssh', w)) ?? 'ssh', ['-V'])
  const by = (wanted: ScpProtocol) => {
    const { protocol, flags } = scpFlags(version, wanted)
    const words = sides.map(side => word(side, files, w, path => remotePath(path, protocol)))
    const set = [...(options.recursive ? ['-r'] : []), ...(options.quiet ? ['-q'] : [])]
    return { protocol, argv: ['-3', ...flags, ...set, '-F', files.configPath, '--', ...words] }
  }
  const first = by('sftp')
  const done = await runWatched(program, first.argv, w, options)
  if (done.code === 0 || first.protocol === 'old' || !lacksSftp(done.stderr)) return done
  w.say({ type: 'info', text: 'the host serves no SFTP: copying by the old scp protocol' })
  return await runWatched(program, by('old').argv, w, options)
}

const rsync: Tool = async (program, sides, files, w, options) => {
  // Times go along: by them rsync sees the next time what has not changed.
  const set = [...(options.quiet ? ['-q'] : ['--progress']), '--times', ...(options.recursive ? ['-r'] : [])]
  // Names are not read by a remote shell; the rsync of macOS (openrsync) never lets one and knows no such flag.
  if (/^rsync +version [3-9]/m.test(await textOf(program, ['--version']))) set.push('--protect-args')
  const ssh = `ssh -F '${files.configPath.replaceAll("'", "''")}'`
  const words = sides.map(side => word(side, files, w, path => path.replace(/^~\//, '')))
  const done = await runWatched(program, ['-e', ssh, ...set, '--', ...words], w, options)
  if (done.code === 0 || !/rsync: (command )?not found|rsync: No such file/i.test(done.stderr)) return done
  w.say({ type: 'warn', text: 'rsync has to be installed on the machine too' })
  return done
}

function word(side: Side, files: SshFiles, w: World, path: (path: string) => string): string {
  if (side.kind === 'local') return localWord(side.path, w.platform)
  return `${side.user === undefined ? '' : `${side.user}@`}${files.hostOf(side.name)}:${path(side.path)}`
}

/** The program's path, or Docker Machine's sentence that it is missing. */
export async function tool(program: string, w: World, feature = 'scp', where = program): Promise<string> {
  const path = await findOnPath(program, w)
  if (path) return path
  throw new MachineError(
    'TOOL_MISSING',
    `You must have a copy of the ${program} binary locally to use the ${feature} feature`,
    {
      hints: [
        `install it: package ${{ scp: 'openssh-client', fusermount: 'fuse3' }[where] ?? where} on Debian and Ubuntu`,
      ],
    },
  )
}

function rsyncBetweenTwo(from: string, to: string, w: World): UsageError {
  return new UsageError('rsync copies between this computer and one machine, not from one machine to another', [
    `leave --delta out: ${w.program} scp ${from} ${to}`,
    `or go by a folder of this computer: ${w.program} scp -r -d ${from} ./copy, then ${w.program} scp -r -d ./copy ${to}`,
  ])
}
