/** Where everything lies in the store, with which modes: Docker Machine's layout, and `locks/`, which is ours. */
import { join, resolve, sep } from 'node:path'
import { UsageError } from '../errors.ts'

/** Docker Machine's modes. Folders are the owner's alone; only certificates may be read by others. */
export const MODE = { folder: 0o700, secret: 0o600, public: 0o644 } as const

export const FOLDERS = ['certs', 'cache', 'machines', 'locks'] as const

/** Hosts and certificates get the machine's name: a DNS label holds 63 characters, Linux's HOST_NAME_MAX and X.509's name 64. */
const MAX_LABEL = 63
const MAX_NAME = 64

/** Throws UsageError, in Docker Machine's words, unless `name` can become the name of a machine. */
export function checkName(name: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9\-.]*$/.test(name))
    throw new UsageError(
      'Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -',
      [`"${name}" has to begin with a letter or a digit, and to hold nothing but those, dots and hyphens`],
    )
  const long = name.split('.').find(label => label.length > MAX_LABEL)
  if (long !== undefined || name.length > MAX_NAME)
    throw new UsageError(
      `Error creating machine: Invalid hostname specified. "${name}" is too long: ${MAX_LABEL} characters between dots, ${MAX_NAME} in all`,
    )
}

/** True if `part` names one thing inside a folder, whatever the platform: no separator, no dot-dot, no drive. */
export function isPlainPart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !/[/\\:\0]/.test(part)
}

/** True if a machine can lie under `name`; wider than checkName, so that what others put there is shown. */
export function isMachineFolder(name: string): boolean {
  return isPlainPart(name) && !name.startsWith('.')
}

/** Absolute path of a file inside the store; throws UsageError for parts that would lead out of it. */
export function filePath(root: string, parts: readonly string[]): string {
  const bad = parts.find(part => !isPlainPart(part))
  if (bad !== undefined || parts.length === 0) throw new UsageError(`"${bad ?? ''}" names no file of the store`)
  const path = join(root, ...parts)
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new UsageError(`"${parts.join('/')}" leads out of the store`)
  return path
}

/** Absolute path of a machine's folder. */
export function machineDir(root: string, name: string): string {
  if (!isMachineFolder(name)) throw new UsageError(`"${name}" cannot be the name of a machine`)
  return filePath(root, ['machines', name])
}

export function storeRoot(path: string): string {
  return resolve(path)
}
