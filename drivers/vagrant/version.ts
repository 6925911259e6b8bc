import { MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { printed } from './tool.ts'

export interface Version {
  readonly text: string
  atLeast(major: number, minor: number): boolean
}

/** How to get Vagrant. */
export const GET_VAGRANT =
  'vagrant: apt-get install vagrant, brew install hashicorp-vagrant, winget install Hashicorp.Vagrant'

export function missingVagrant(cause: unknown): MachineError {
  return new MachineError('VAGRANT_MISSING', 'there is no vagrant on this computer', { hints: [GET_VAGRANT], cause })
}

/** Vagrant's version, asked without the network. Throws VAGRANT_MISSING, VAGRANT_BROKEN. */
export async function readVersion({ env, signal }: Pick<Ctx, 'env' | 'signal'>): Promise<Version> {
  const text = await printed('vagrant', ['--version'], {
    env: env as NodeJS.ProcessEnv,
    signal,
    timeout: 60_000,
  }).catch(cause => {
    signal.throwIfAborted()
    if (cause.code === 'ENOENT') throw missingVagrant(cause)
    throw new MachineError('VAGRANT_BROKEN', `vagrant --version fails: ${messageOf(cause)}`, {
      hints: ['`vagrant plugin repair` mends plug-ins; else install Vagrant anew'],
      cause,
    })
  })
  return parseVersion(text)
}

/** Of `Vagrant 2.3.4`. */
export function parseVersion(text: string): Version {
  const [, whole = '?', major = '0', minor = '0'] = /((\d+)\.(\d+)\S*)/.exec(text) ?? []
  return { text: whole, atLeast: (a, b) => Number(major) > a || (Number(major) === a && Number(minor) >= b) }
}
