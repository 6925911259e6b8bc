/** What cloud-init on a new host is told: a person's file, and what we add. */
import { readFile } from 'node:fs/promises'
import { MachineError, messageOf, UsageError } from '../../src/errors.ts'
import { sshPortScript } from './ssh-port.ts'
import { fitted, mergeUserData } from './user-data.ts'

export interface UserDataAsk {
  readonly file: string | undefined
  readonly sshPort: number
  readonly cloud: string
  /** What the cloud takes, before base64. */
  readonly mostBytes: number
  /** What to check when the file cannot be read: '--amazonec2-userdata or AWS_USERDATA'. */
  readonly flag: string
}

/** Base64, as APIs take it; undefined for none. `inherited`: a launch template's, base64. */
export async function userDataFor(ask: UserDataAsk, inherited?: string): Promise<string | undefined> {
  const theirs = ask.file === undefined ? fromBase64(inherited) : await readUserData(ask.file, ask.flag)
  const merged = mergeUserData(theirs, ask.sshPort === 22 ? undefined : sshPortScript(ask.sshPort))
  if (merged === undefined) return undefined
  const data = fitted(merged, ask.mostBytes)
  if (data !== undefined) return data.toString('base64')
  throw new UsageError(
    `the user data has ${merged.length} bytes, and ${ask.cloud} takes ${ask.mostBytes}, also compressed`,
    ['let it fetch what is large: #include with a URL, or a script'],
  )
}

function fromBase64(text: string | undefined): Buffer | undefined {
  return text ? Buffer.from(text, 'base64') : undefined
}

/** A person's file of user data. `flag`: as in UserDataAsk. */
export async function readUserData(file: string, flag: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new MachineError('USER_DATA', `user data "${file}" cannot be read: ${messageOf(error)}`, {
      hints: [`check ${flag}`],
      cause: error,
    })
  }
}
