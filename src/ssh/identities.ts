/** What to log in with: the key file named, else the agent's keys and the user's own, as ssh would. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyAuthMethod, ParsedKey } from 'ssh2'
import { MachineError, messageOf } from '../errors.ts'
import { agentWith } from './agent.ts'
import { blobOfLine } from './keys.ts'
import { opensshPublicBlob } from './openssh-key.ts'
import { type Parsed, parsePrivateKey } from './parse-key.ts'
import type { Secret } from './quote.ts'

export interface IdentityOptions {
  /** The private key file to use, and nothing else. */
  readonly keyPath?: string
  /** Files to try instead of ~/.ssh/id_ed25519, id_ecdsa and id_rsa (IdentityFile of ssh_config); they need not exist. */
  readonly files?: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Asks for a passphrase; undefined as the answer gives up. Absent: nobody can be asked. */
  readonly askSecret?: (prompt: string) => Promise<Secret | undefined>
  /** Decides whether file modes mean anything; this computer's by default. */
  readonly platform?: NodeJS.Platform
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const PASSPHRASE_TRIES = 3

type Asking = Omit<IdentityOptions, 'askSecret'> & { askSecret?: IdentityOptions['askSecret'] | undefined }

/**
 * The ways to log in as `user`, in the order to try them. Throws MachineError SSH_KEY_MISSING, SSH_KEY_MODE (the file
 * is readable by others), SSH_KEY_LOCKED (encrypted, and neither the agent nor anybody knows it), SSH_KEY_UNREADABLE.
 */
export async function identities(user: string, options: IdentityOptions): Promise<AnyAuthMethod[]> {
  if (options.keyPath) return [await fromNamedFile(options.keyPath, user, options)]
  const agent = await agentWith(options.env.SSH_AUTH_SOCK)
  const agentWay: AnyAuthMethod[] = agent ? [{ type: 'agent', username: user, agent }] : []
  const configured = await openFiles(options.files ?? [], user, options)
  if (configured.length > 0) return [...configured, ...agentWay]
  const own = DEFAULT_KEYS.map(name => join(options.home, '.ssh', name))
  return [...agentWay, ...(await openFiles(own, user, { ...options, askSecret: undefined }))]
}

/** Those of the files that exist and open: by themselves, through the agent, or with a passphrase if one may ask. */
async function openFiles(paths: readonly string[], user: string, options: Asking): Promise<AnyAuthMethod[]> {
  const ways: AnyAuthMethod[] = []
  for (const path of paths) {
    const pem = await readFile(path, 'utf8').catch(() => undefined)
    if (pem === undefined) continue
    let parsed = await parsePrivateKey(pem)
    if (parsed.kind === 'locked') {
      const agent = await agentWith(options.env.SSH_AUTH_SOCK, await publicHalf(path, pem))
      if (agent) ways.push({ type: 'agent', username: user, agent })
      else if (options.askSecret) parsed = await unlock(path, pem, options)
    }
    if (parsed.kind === 'key') ways.push(withKey(user, parsed.key))
  }
  return ways
}

async function fromNamedFile(path: string, user: string, options: IdentityOptions): Promise<AnyAuthMethod> {
  const pem = await readKeyFile(path, options.platform ?? process.platform)
  let parsed: Parsed = await parsePrivateKey(pem)
  if (parsed.kind === 'locked') {
    const agent = await agentWith(options.env.SSH_AUTH_SOCK, await publicHalf(path, pem))
    if (agent) return { type: 'agent', username: user, agent }
    parsed = await unlock(path, pem, options)
  }
  if (parsed.kind === 'key') return withKey(user, parsed.key)
  throw new MachineError('SSH_KEY_UNREADABLE', `the key ${path} cannot be read: ${parsed.why}`, {
    hints: [`see what it is: ssh-keygen -l -f ${path}`],
  })
}

async function readKeyFile(path: string, platform: NodeJS.Platform): Promise<string> {
  try {
    const mode = (await stat(path)).mode & 0o777
    if (platform !== 'win32' && mode & 0o077) {
      const shown = mode.toString(8).padStart(4, '0')
      throw new MachineError('SSH_KEY_MODE', `permissions ${shown} for '${path}' are too open`, {
        hints: [`chmod 600 ${path}`],
      })
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof MachineError) throw error
    throw new MachineError('SSH_KEY_MISSING', `the key ${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

async function unlock(path: string, pem: string, { askSecret }: Asking): Promise<Parsed> {
  const hints = [`put it into the SSH agent: ssh-add ${path}`]
  for (let tries = 0; askSecret && tries < PASSPHRASE_TRIES; tries++) {
    const answer = await askSecret(`Passphrase of ${path}`)
    if (!answer) break
    const secret = answer.reveal()
    const parsed = await parsePrivateKey(pem, typeof secret === 'string' ? secret : Buffer.from(secret).toString())
    if (parsed.kind !== 'locked') return parsed
  }
  const why = askSecret ? 'no passphrase given opens it' : 'there is nobody to ask for its passphrase'
  throw new MachineError('SSH_KEY_LOCKED', `the key ${path} is encrypted, the SSH agent does not hold it, and ${why}`, {
    hints,
  })
}

/** The public half of an encrypted key: from the file itself, else from the .pub beside it. */
async function publicHalf(path: string, pem: string): Promise<Buffer | undefined> {
  return opensshPublicBlob(pem) ?? blobOfLine(await readFile(`${path}.pub`, 'utf8').catch(() => ''))
}

function withKey(username: string, key: ParsedKey): AnyAuthMethod {
  return { type: 'publickey', username, key }
}
