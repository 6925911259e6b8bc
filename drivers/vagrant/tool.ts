import { type ExecFileOptions, execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { platform } from 'node:process'
import type { Ctx } from '../driver.ts'

/** Whether a program of this name is found on the PATH, as a shell would. */
export async function isOnPath(name: string, env: Ctx['env']): Promise<boolean> {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean)
  const endings = platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD').split(';') : ['']
  const there = await Promise.all(
    folders.flatMap(dir =>
      endings.map(ending =>
        access(join(dir, name + ending), constants.X_OK).then(
          () => true,
          () => false,
        ),
      ),
    ),
  )
  return there.includes(true)
}

/** What a program of another's prints; rejects as execFile does, with its `stderr`. */
export function printed(program: string, args: readonly string[], options: ExecFileOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) =>
      error ? reject(Object.assign(error, { stderr: String(stderr) })) : resolve(String(stdout)),
    )
  })
}
