import { chmod, copyFile, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { MachineError, messageOf } from '../../src/errors.ts'

/** Throws unless the key file can be read and looks like a private key. */
export async function checkKey(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(error => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = missing ? `SSH key does not exist: "${path}"` : `SSH key "${path}" cannot be read: ${messageOf(error)}`
    throw new MachineError('GENERIC_KEY', why, { hints: ['check --generic-ssh-key or GENERIC_SSH_KEY'], cause: error })
  })
  if (text.includes('PRIVATE KEY-----')) return
  const isPublic = /^(ssh-|ecdsa-|sk-)/.test(text)
  throw new MachineError('GENERIC_KEY', `"${path}" is no private SSH key`, {
    hints: isPublic ? [`it is the public half: give ${path.replace(/\.pub$/, '')}`] : [],
  })
}

/** Copies the key, and its public half if there is one, into the machine's folder; returns the copy's path. Mode 0600. */
export async function importKey(from: string, machineDir: string): Promise<string> {
  const to = join(machineDir, basename(from))
  for (const end of ['', '.pub']) {
    // Resuming with the copy itself as the key is fine.
    if (resolve(from) === resolve(to)) break
    try {
      await copyFile(from + end, to + end)
    } catch (error) {
      if (end === '.pub' && (error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw new MachineError(
        'GENERIC_KEY',
        `SSH key "${from}${end}" cannot be copied to ${to}${end}: ${messageOf(error)}`,
        {
          cause: error,
        },
      )
    }
    await chmod(to + end, 0o600)
  }
  return to
}
