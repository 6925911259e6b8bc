/** Access keys as Alibaba Cloud gives them. */
import { randomBytes } from 'node:crypto'
import { type KeyRing, keyRing } from '../cloud/key-ring.ts'

export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
  /** ms since 1970. */
  readonly expiresAt?: number
}
export interface Keys extends KeyRing<Key, Required<Key>> {
  /** From now on it is known, but disabled. */
  disable(accessKeyId: string): void
  isDisabled(accessKeyId: string): boolean
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
const letters = (count: number) => [...randomBytes(count)].map(byte => LETTERS[byte % LETTERS.length]).join('')

export function makeKeys(now: () => number): Keys {
  const disabled = new Set<string>()
  const ring = keyRing<Key, Required<Key>>(
    {
      lasting: () => ({ accessKeyId: `LTAI5t${letters(18)}`, accessKeySecret: letters(30) }),
      temporary: expiresAt => ({
        accessKeyId: `STS.NT${letters(23)}`,
        accessKeySecret: letters(44),
        securityToken: `CAIS${randomBytes(240).toString('base64')}`,
        expiresAt,
      }),
    },
    now,
  )
  return {
    ...ring,
    disable: accessKeyId => void disabled.add(accessKeyId),
    isDisabled: accessKeyId => disabled.has(accessKeyId),
  }
}
