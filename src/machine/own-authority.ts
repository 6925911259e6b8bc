/**
 * Machines whose CA is not this store's: they came in a bundle (import.ts) and keep their four files in certs/ of their own
 * folder. Not in the folder itself: docker-machine copies ca.pem, cert.pem and key.pem from where the record says into
 * that folder, and a file copied onto itself is an empty one.
 */
import { MachineError } from '../errors.ts'
import type { MachineRecord } from './record.ts'
import type { World } from './world.ts'

/** The world as this machine has it: with its own CA and client files, where it has some. */
export async function worldFor(record: MachineRecord, w: World): Promise<World> {
  if (record.Machine?.Authority !== 'own') return w
  const path = (file: string) => ['machines', record.Name, 'certs', file]
  const caKey = await w.store.readFile(path('ca-key.pem'))
  const at = (file: string) => w.store.filePath(path(file))
  return {
    ...w,
    tlsPaths: {
      caCert: at('ca.pem'),
      clientCert: at('cert.pem'),
      clientKey: at('key.pem'),
      ...(caKey === undefined ? {} : { caKey: at('ca-key.pem') }),
    },
  }
}

/** Throws unless the machine can be managed from here; `doing` is what was asked for: 'ssh'. */
export function refuseClientOnly(record: MachineRecord, doing: string, w: World): void {
  if (record.Machine?.Access !== 'client') return
  throw new MachineError(
    'CLIENT_ONLY',
    `machine "${record.Name}" can only be used from here, not managed: its bundle was made with --client-only, and ${doing} needs a whole one`,
    { hints: [`on the computer that manages it: ${w.program} export ${record.Name}`] },
  )
}
