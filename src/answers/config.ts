import { join } from 'node:path'
import { connection } from '../machine/connect.ts'
import { oneName } from '../names.ts'
import { type Answering, asJson } from './answer.ts'

export const config: Answering<{ swarm?: boolean; 'no-check'?: boolean; json?: boolean }> = async (
  { names, flags },
  w,
) => {
  const { name, url, certPath } = await connection(await oneName(names, w), w, {
    check: !flags['no-check'],
    swarm: flags.swarm ?? false,
    failure: 'Error running connection boilerplate',
  })
  const files = { ca: join(certPath, 'ca.pem'), cert: join(certPath, 'cert.pem'), key: join(certPath, 'key.pem') }
  if (flags.json) return asJson({ name, url, ...files })
  // Plain words: docker's own stripping of quotes here went away (docker/cli, 28.4).
  const paths = [`--tlscacert=${files.ca}`, `--tlscert=${files.cert}`, `--tlskey=${files.key}`]
  return { text: ['--tlsverify', ...paths, `-H=${url}`].join('\n') }
}
