/** What the operating system says when the store cannot be read or written, in a sentence. */
import { MachineError } from '../errors.ts'

const UNWRITABLE: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'there is a folder of that name',
  ENAMETOOLONG: 'the path is too long',
  EIO: 'the disk reports an error',
  ELOOP: 'the path is a loop of links',
}

/** The errno of a failed system call, or ''. By its shape: errors may come from another realm (a vm context). */
export function errnoOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/** STORE_UNWRITABLE for what keeps us from writing `path`; any other error comes back as it is. */
export function unwritable(path: string, error: unknown): unknown {
  const reason = UNWRITABLE[errnoOf(error)]
  if (reason === undefined || error instanceof MachineError) return error
  return new MachineError('STORE_UNWRITABLE', `cannot write ${path}: ${reason}`, { hints: HINTS, cause: error })
}

/** STORE_UNREADABLE for what keeps us from reading `path`; any other error comes back as it is. */
export function unreadable(path: string, error: unknown): unknown {
  const reason = UNWRITABLE[errnoOf(error)]
  if (reason === undefined || error instanceof MachineError) return error
  return new MachineError('STORE_UNREADABLE', `cannot read ${path}: ${reason}`, { hints: HINTS, cause: error })
}

const HINTS = ['--storage-path (or MACHINE_STORAGE_PATH) names another folder for the store']
