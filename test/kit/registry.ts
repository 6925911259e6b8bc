/** Debian's docker-registry, run by hand on an address of this computer, with its data in a folder of the test. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Followed, follow } from './follow.ts'
import { which } from './which.ts'

export interface RegistryOptions {
  address: string
  port: number
  /** Folder for its data; made. */
  folder: string
  /** PEM of key and certificate: then it speaks TLS. */
  tls?: { keyPem: string; certPem: string }
  /** Lines of htpasswd (bcrypt): then it wants a login. */
  htpasswd?: string
}

/** Resolves when it listens. Killed when disposed of; its folder stays. */
export async function startRegistry(options: RegistryOptions): Promise<Followed> {
  const { address, port, folder, tls, htpasswd } = options
  await mkdir(join(folder, 'data'), { recursive: true })
  const put = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  // JSON is YAML.
  const config = {
    version: '0.1',
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: {
      addr: `${address}:${port}`,
      ...(tls
        ? { tls: { key: await put('key.pem', tls.keyPem), certificate: await put('cert.pem', tls.certPem) } }
        : {}),
    },
    ...(htpasswd ? { auth: { htpasswd: { realm: 'test', path: await put('htpasswd', htpasswd) } } } : {}),
  }
  const running = follow(
    which('docker-registry') ?? 'docker-registry',
    ['serve', await put('config.yml', JSON.stringify(config))],
    {},
  )
  await running.said('listening on')
  return running
}
