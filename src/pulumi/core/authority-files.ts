/** The CA that a program gives a machine, and client certificates of whatever CA its store has. */
import { rm } from 'node:fs/promises'
import { belongTogether } from '../../certs/index.ts'
import { copyClientMaterial, IN_STORE, loadOrCreateCa, writePair } from '../../machine/authority.ts'
import type { Json } from './crud.ts'
import type { Place } from './place.ts'
import { objectOf } from './values.ts'

/** Puts the given CA where the store's is looked for; true if another was there. */
export async function giveAuthority({ w, own, given }: Place, inputs: Json): Promise<boolean> {
  if (!given || !own) return false
  const { caCert, caKey } = objectOf(inputs.authority)
  const [certPem, keyPem] = [String(caCert), String(caKey)]
  await w.store.ensure()
  const before = await w.store.readFile(['certs', IN_STORE.caCert])
  if (before === certPem && belongTogether(certPem, (await w.store.readFile(['certs', IN_STORE.caKey])) ?? ''))
    return false
  await forgetClient({ w })
  await rm(w.store.filePath(['certs', IN_STORE.caCert]), { force: true })
  await writePair(w, IN_STORE.caCert, IN_STORE.caKey, { certPem, keyPem })
  return before !== undefined
}

/** A new client certificate of the CA there is, for the machine. */
export async function renewClient({ w, name }: Pick<Place, 'w' | 'name'>): Promise<void> {
  await forgetClient({ w })
  await loadOrCreateCa(w)
  await copyClientMaterial(w, name)
}

async function forgetClient({ w }: Pick<Place, 'w'>): Promise<void> {
  for (const file of [IN_STORE.clientCert, IN_STORE.clientKey])
    await rm(w.store.filePath(['certs', file]), { force: true })
}
