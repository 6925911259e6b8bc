/** A certificate handed out as files, under the names the docker client looks for in DOCKER_CERT_PATH. */
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MachineError, messageOf } from '../../errors.ts'
import type { IssuedPair } from './issue.ts'

const FILES = { 'ca.pem': 0o644, 'cert.pem': 0o644, 'key.pem': 0o600 } as const

/** Throws FILE_EXISTS if one of the files is there. Before a certificate is issued, which nobody would get then. */
export function refuseExistingFiles(folder: string): void {
  const there = Object.keys(FILES).find(file => existsSync(join(folder, file)))
  if (there === undefined) return
  throw new MachineError('FILE_EXISTS', `${resolve(folder, there)} exists already, and is left as it is`, {
    hints: ['name another folder with -o, or remove that one first'],
  })
}

/** Writes ca.pem, cert.pem and key.pem into `folder`, which is made if it is not there. Throws FILE_UNWRITABLE. */
export async function writeCertFiles(folder: string, { ca, cert, key }: IssuedPair): Promise<void> {
  const at = resolve(folder)
  try {
    await mkdir(at, { recursive: true, mode: 0o700 })
    for (const [name, text] of [
      ['ca.pem', ca],
      ['cert.pem', cert],
      ['key.pem', key],
    ] as const) {
      await using file = await open(join(at, name), 'wx', FILES[name])
      await file.writeFile(text)
      await file.sync()
    }
  } catch (cause) {
    throw new MachineError('FILE_UNWRITABLE', `cannot write the certificate to ${at}: ${messageOf(cause)}`, {
      hints: [
        'it is issued and in the register all the same: machine cert ls shows it, machine cert revoke takes it back',
      ],
      cause,
    })
  }
}
