/** What certificates of a program have in common. */
import { ownerOf } from '../../certs/index.ts'
import type { Around, Failure, Json } from './crud.ts'
import { hasUnknown, isAbsent } from './values.ts'

export function checkDays(days: unknown, most: number): Failure[] {
  if (hasUnknown(days) || (Number.isInteger(days) && Number(days) >= 1 && Number(days) <= most)) return []
  return [{ property: 'days', reason: `is a whole number from 1 to ${most}` }]
}

/** Whose it is: as before, so that another person's `pulumi up` changes nothing; else the user's. */
export function ownerIn(olds: Json, { env, platform }: Pick<Around, 'env' | 'platform'>): string {
  return typeof olds.owner === 'string' ? olds.owner : ownerOf(env, platform)
}

/** A CA's certificate and key, as a resource's outputs or a person give them. */
export function checkAuthority(authority: unknown): Failure[] {
  if (hasUnknown(authority)) return []
  const { caCert, caKey } = Object(authority) as Json
  if (isAbsent(caCert) || isAbsent(caKey))
    return [{ property: 'authority', reason: 'is a CertificateAuthority, or a machine that has a CA of its own' }]
  const wrong = [
    ...(String(caCert).includes('BEGIN CERTIFICATE')
      ? []
      : [{ property: 'authority.caCert', reason: 'is a certificate in PEM' }]),
    ...(String(caKey).includes('PRIVATE KEY')
      ? []
      : [{ property: 'authority.caKey', reason: 'is a private key in PEM' }]),
  ]
  return wrong
}
