/** Access keys as AWS gives them. */
import { randomBytes } from 'node:crypto'
import { type KeyRing, keyRing } from '../cloud/key-ring.ts'

export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** ms since 1970. */
  readonly expiresAt?: number
}
export type Keys = KeyRing<Key, Required<Key>>

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const id = (prefix: string) => prefix + [...randomBytes(16)].map(byte => LETTERS[byte % 32]).join('')
const secret = () => randomBytes(30).toString('base64')

export const makeKeys = (now: () => number): Keys =>
  keyRing<Key, Required<Key>>(
    {
      lasting: () => ({ accessKeyId: id('AKIA'), secretAccessKey: secret() }),
      temporary: expiresAt => ({
        accessKeyId: id('ASIA'),
        secretAccessKey: secret(),
        sessionToken: randomBytes(180).toString('base64'),
        expiresAt,
      }),
    },
    now,
  )
