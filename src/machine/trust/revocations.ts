/** The list of certificates a CA took back: written here first, then told to agents (push.ts). Its number only rises. */
import type { Revocations, SignedRevocations } from '../../../agent/protocol.ts'
import { readRevocations, signRevocations } from '../../certs/index.ts'
import { MODE } from '../../store/store.ts'
import { noCaKey, readFiles } from '../authority.ts'
import type { World } from '../world.ts'
import { trustFile } from './authorities.ts'
import { readRegister, writeRegister } from './register.ts'

/**
 * The list as agents have to know it; undefined where nothing was ever revoked. A list that a crash left behind the
 * register, or that a CA of before signed, is made anew where the key is here.
 */
export async function currentRevocations(w: World): Promise<SignedRevocations | undefined> {
  const { signed, list, missing, outdated } = await look(w)
  if (missing.length === 0 && !outdated) return signed
  if ((await readFiles(w)).caKey === undefined) return list && !outdated ? signed : undefined
  return await changeList(w, 'sign revocations', async () => [])
}

/** Marks certificates as revoked, in the register and on the list. Throws CA_KEY. */
export async function revokeSerials(serials: readonly string[], w: World): Promise<SignedRevocations> {
  return await changeList(w, 'revoke certificates', async () => {
    const when = w.now().toISOString()
    const register = await readRegister(w)
    const marked = register.map(cert =>
      serials.includes(cert.serial) && cert.revoked === undefined ? { ...cert, revoked: when } : cert,
    )
    await writeRegister(w, marked)
    w.point('register marked')
    return serials
  })
}

/** Takes over what another store of the same CA revoked, so that a list of ours is above it. Throws CA_KEY. */
export async function mergeRevocations(theirs: Revocations, w: World): Promise<SignedRevocations> {
  return await changeList(w, 'merge revocations', async () => theirs.serials, theirs.number)
}

async function changeList(
  w: World,
  purpose: string,
  more: () => Promise<readonly string[]>,
  above = 0,
): Promise<SignedRevocations> {
  await using _lock = await w.store.lockCerts({ purpose, waitMs: 60_000, signal: w.signal })
  const { caKey } = await readFiles(w)
  if (caKey === undefined) throw noCaKey(w)
  const added = await more()
  const { list, missing } = await look(w)
  const gone = await expired(w)
  const serials = [...(list?.serials ?? []), ...missing, ...added].filter(serial => !gone.has(serial))
  const signed = signRevocations({ number: Math.max(list?.number ?? 0, above) + 1, serials }, caKey)
  await w.store.writeFile(await trustFile(w, 'revoked'), `${JSON.stringify(signed, null, 2)}\n`, MODE.public)
  w.point('revocations signed')
  return signed
}

interface Seen {
  readonly signed: SignedRevocations | undefined
  readonly list: Revocations | undefined
  /** Revoked in the register, and not on the list. */
  readonly missing: readonly string[]
  /** No CA in force signed it. */
  readonly outdated: boolean
}

async function look(w: World): Promise<Seen> {
  const text = await w.store.readFile(await trustFile(w, 'revoked'))
  const signed = text === undefined ? undefined : parse(text)
  const valid = signed && readRevocations(signed, (await readFiles(w)).caCert ?? '')
  const list = valid ?? (signed && numberAndSerials(signed))
  const gone = await expired(w)
  const revoked = (await readRegister(w)).filter(cert => cert.revoked !== undefined && !gone.has(cert.serial))
  const missing = revoked.map(cert => cert.serial).filter(serial => !list?.serials.includes(serial))
  return { signed, list, missing, outdated: signed !== undefined && valid === undefined }
}

/** Certificates that no engine takes any more, revoked or not. */
async function expired(w: World): Promise<Set<string>> {
  const now = w.now().getTime()
  // A day more: the clocks of hosts differ.
  const over = (await readRegister(w)).filter(cert => Date.parse(cert.notAfter) + 86_400_000 < now)
  return new Set(over.map(cert => cert.serial))
}

function parse(text: string): SignedRevocations | undefined {
  try {
    const { payload, signature } = JSON.parse(text) as Partial<SignedRevocations>
    return typeof payload === 'string' && typeof signature === 'string' ? { payload, signature } : undefined
  } catch {
    return undefined // cut short by no one: writes are whole; what it said stands in the register
  }
}

/** A list that a former CA signed still tells what was revoked, and how far the numbers are. */
function numberAndSerials({ payload }: SignedRevocations): Revocations | undefined {
  try {
    const { number, serials } = JSON.parse(payload) as Revocations
    return Number.isSafeInteger(number) && Array.isArray(serials) ? { number, serials } : undefined
  } catch {
    return undefined
  }
}
