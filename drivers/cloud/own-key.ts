/** A person's own SSH key instead of one made for the machine, and names of key pairs at clouds. */
import { randomBytes } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { MachineError, messageOf, suggestionsOf } from '../../src/errors.ts'
import { publicLineOf } from '../../src/ssh/keys.ts'
import type { Ctx } from '../driver.ts'

export interface OwnKey {
  readonly privateText: string
  readonly publicLine: string
}

export interface OwnKeyAsk {
  readonly path: string
  /** What to check when the file is none: '--amazonec2-ssh-keypath or AWS_SSH_KEYPATH'. */
  readonly flag: string
  readonly cloud: string
  /** Kinds of public keys the cloud takes: 'ssh-rsa'. */
  readonly kinds: readonly string[]
}

/** Throws in words for a file that is no key, or a kind the cloud does not take. */
export async function readOwnKey({ path, flag, cloud, kinds }: OwnKeyAsk, env: Ctx['env']): Promise<OwnKey> {
  const file = path.startsWith('~/') ? join(env.HOME ?? homedir(), path.slice(2)) : path
  const refuse = (why: string, hints: string[] = [], cause?: unknown) =>
    new MachineError('SSH_KEY', `SSH key "${path}" ${why}`, { hints: [...hints, `check ${flag}`], cause })
  const privateText = await readFile(file, 'utf8').catch(error => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw refuse(missing ? 'does not exist' : `cannot be read: ${messageOf(error)}`, [], error)
  })
  if (!privateText.includes('PRIVATE KEY-----')) throw refuse('is no private key')
  const beside = await readFile(`${file}.pub`, 'utf8').catch(() => '')
  const publicLine =
    beside.trim() ||
    (await publicLineOf(privateText).catch(error => {
      throw refuse('has no public half beside it, and it cannot be worked out', [
        `ssh-keygen -y -f ${path} > ${path}.pub`,
        ...suggestionsOf(error),
      ])
    }))
  const kind = publicLine.split(' ')[0] ?? ''
  if (!kinds.includes(kind)) throw refuse(`is of kind ${kind}: ${cloud} takes ${kinds.join(' and ')} alone`)
  return { privateText, publicLine }
}

/** Puts the key where core and docker-machine look for the machine's own. */
export async function keepOwnKey(key: OwnKey, machineDir: string): Promise<void> {
  const path = join(machineDir, 'id_rsa')
  await writeFile(path, key.privateText, { mode: 0o600 })
  await chmod(path, 0o600)
  await writeFile(`${path}.pub`, `${key.publicLine}\n`, { mode: 0o644 })
}

/** A name nothing has: what an earlier machine of this name left behind is never in the way. */
export function newKeyName(name: string, storeId: string, longest: number): string {
  const end = `-${storeId}-${randomBytes(4).toString('hex')}`
  return name.slice(0, longest - end.length) + end
}
