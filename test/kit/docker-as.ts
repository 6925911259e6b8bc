/** The docker client with somebody else's certificate. */
import { join } from 'node:path'
import { type Home, type Ran, run } from './cli.ts'
import type { Dev } from './dev-machine.ts'
import { type Followed, follow } from './follow.ts'

export interface Somebody {
  /** Where their ca.pem, cert.pem and key.pem lie. */
  readonly folder: string
  readonly serial: string
  docker(...args: string[]): Promise<Ran>
  follow(...args: string[]): Followed
}

/** Issues a certificate of the home's store; `flags` are further flags of `cert issue`. */
export async function issueFor(
  dev: Pick<Dev, 'home' | 'address'>,
  label: string,
  ...flags: string[]
): Promise<Somebody> {
  const folder = join(dev.home.path, label)
  const issued = await dev.home.ok('cert', 'issue', label, ...flags, '-o', folder, '--json')
  const env = dockerEnvOf(dev.home, folder, dev.address)
  return {
    folder,
    serial: JSON.parse(issued).serial,
    docker: (...args) => run('docker', args, { env, timeoutMs: 30_000 }),
    follow: (...args) => follow('docker', args, env),
  }
}

/** What makes the docker client speak to the engine at this address with the certificate in a folder. */
export function dockerEnvOf(home: Home, folder: string, address: string): Record<string, string | undefined> {
  return { ...home.env, DOCKER_HOST: `tcp://${address}:2376`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
}
