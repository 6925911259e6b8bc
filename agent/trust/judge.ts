/** Whether a change of certificates, CAs or revocations may be taken: pure. What may is returned as the files to write. */
import { createPrivateKey, type X509Certificate } from 'node:crypto'
import type { SignedRevocations, TrustChange } from '../protocol.ts'
import { bareSerial } from './client.ts'
import type { Material } from './material.ts'
import { certificatesIn, inForce, signedBy } from './pem.ts'
import { readRevocations, sameSerials } from './revocations.ts'

/** Thrown for a change that is refused; the text is for the person. */
export class TrustProblem extends Error {}

export interface Taken {
  readonly ca?: string
  /** Key and certificate, one text. */
  readonly identity?: string
  readonly revoked?: SignedRevocations
}

export interface Judging {
  readonly now: Material
  /** Key of the last request for a certificate. */
  readonly pendingKeyPem: string | undefined
  /** The certificate of whoever asks. */
  readonly asker: X509Certificate
  readonly clock: Date
}

export function judge(change: TrustChange, at: Judging): Taken {
  const cas = change.ca === undefined ? at.now.cas : newCas(change.ca, change.cross, at)
  if (change.ca !== undefined && change.cert === undefined) refuseOrphan(cas, at)
  const identity = change.cert === undefined ? undefined : newIdentity(change.cert, cas, at)
  const revoked = change.revoked === undefined ? undefined : newRevocations(change.revoked, cas, at)
  return {
    ...(change.ca === undefined ? {} : { ca: change.ca }),
    ...(identity === undefined ? {} : { identity }),
    ...(revoked === undefined ? {} : { revoked }),
  }
}

function newCas(pem: string, crossPem: string | undefined, { now, asker, clock }: Judging): X509Certificate[] {
  const cas = parse('the CAs', pem)
  const cross = crossPem === undefined ? [] : parse('the cross certificates', crossPem)
  for (const ca of cas) {
    const name = ca.subject.replaceAll('\n', ', ')
    if (!ca.ca) throw new TrustProblem(`${name} is no CA`)
    if (!inForce(ca, clock)) throw new TrustProblem(`the CA ${name} is not valid now`)
    const known = now.cas.some(old => old.fingerprint256 === ca.fingerprint256)
    if (!known && !cross.some(one => vouches(one, ca, now.cas, clock)))
      throw new TrustProblem(`the new CA ${name} is not signed by one that is in force`)
  }
  if (!cas.some(ca => signedBy(asker, ca)))
    throw new TrustProblem('your own certificate is signed by none of these CAs: you would lock yourself out')
  return cas
}

/** Who trusts the new CAs alone could not check a certificate that only an old one signed. */
function refuseOrphan(cas: readonly X509Certificate[], { now }: Judging): void {
  if (!cas.some(ca => signedBy(now.cert, ca)))
    throw new TrustProblem('the server certificate in use is signed by none of these CAs: nobody could check it')
}

/** A certificate of the new CA's subject and key, signed by a CA in force. */
function vouches(cross: X509Certificate, ca: X509Certificate, old: readonly X509Certificate[], clock: Date): boolean {
  const same = cross.subject === ca.subject && cross.publicKey.equals(ca.publicKey)
  return (
    same && inForce(cross, clock) && cross.ca && old.some(signer => inForce(signer, clock) && signedBy(cross, signer))
  )
}

/** Object identifiers of extendedKeyUsage: for servers, for anything. */
const SERVER = new Set(['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'])

function newIdentity(pem: string, cas: readonly X509Certificate[], { now, pendingKeyPem, clock }: Judging): string {
  const [cert] = parse('the server certificate', pem)
  if (!cert) throw new TrustProblem('there is no server certificate in it')
  if (!cas.some(ca => signedBy(cert, ca)))
    throw new TrustProblem('none of the CAs in force signed the server certificate')
  if (!inForce(cert, clock)) throw new TrustProblem('the server certificate is not valid now')
  const usage = cert.keyUsage as readonly string[] | undefined
  if (usage && !usage.some(oid => SERVER.has(oid))) throw new TrustProblem('the certificate is not one for servers')
  const keyPem = [pendingKeyPem, now.keyPem].find(
    key => key !== undefined && cert.checkPrivateKey(createPrivateKey(key)),
  )
  if (keyPem === undefined) throw new TrustProblem('the certificate belongs to no key of this host')
  return `${keyPem.trim()}\n${pem.trim()}\n`
}

function newRevocations(
  signed: SignedRevocations,
  cas: readonly X509Certificate[],
  { now, asker }: Judging,
): SignedRevocations | undefined {
  const list = parsed(() => readRevocations(signed, cas), 'the revocation list')
  if (list.serials.map(bareSerial).includes(bareSerial(asker.serialNumber)))
    throw new TrustProblem('the list revokes your own certificate')
  const { number } = now.revocations
  if (list.number < number)
    throw new TrustProblem(`the revocation list has number ${list.number}, and ${number} is in force`)
  if (list.number === number && !sameSerials(list, now.revocations))
    throw new TrustProblem(`another revocation list with number ${number} is in force`)
  return { payload: signed.payload, signature: signed.signature }
}

function parse(what: string, pem: string): X509Certificate[] {
  return parsed(() => certificatesIn(pem), what)
}

function parsed<T>(read: () => T, what: string): T {
  try {
    return read()
  } catch (error) {
    throw new TrustProblem(`${what} will not do: ${(error as Error).message}`)
  }
}
