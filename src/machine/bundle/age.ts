/** age's passphrase encryption (https://age-encryption.org/v1, the scrypt recipient): `age -d` opens it, `age -p` makes it. */
import { MachineError, messageOf } from '../../errors.ts'
import type { Secret } from '../../ssh/quote.ts'

const MAGIC = 'age-encryption.org/v1\n'
const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----'

/** True for what age wrote, armoured or not. */
export function isEncrypted(bytes: Uint8Array): boolean {
  const begin = Buffer.from(bytes.subarray(0, 200)).toString('latin1').trimStart()
  return begin.startsWith(MAGIC) || begin.startsWith(ARMOR)
}

export async function encrypt(bytes: Uint8Array, passphrase: Secret): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setPassphrase(textOf(passphrase))
  return await encrypter.encrypt(bytes)
}

/** Throws WRONG_PASSPHRASE, or BUNDLE_DAMAGED for what no passphrase could open. */
export async function decrypt(bytes: Uint8Array, passphrase: Secret): Promise<Uint8Array> {
  const { Decrypter, armor } = await import('age-encryption')
  try {
    const text = Buffer.from(bytes)
    const plain = text.toString('latin1').trimStart().startsWith(ARMOR) ? armor.decode(text.toString('latin1')) : bytes
    const header = Buffer.from(plain.subarray(0, 200)).toString('latin1')
    if (!header.startsWith(`${MAGIC}-> scrypt `))
      throw new MachineError('BUNDLE_DAMAGED', 'the bundle is encrypted to a key, and not with a passphrase', {
        hints: ['open it yourself (age -d -i KEY), and import the tar'],
      })
    const decrypter = new Decrypter()
    decrypter.addPassphrase(textOf(passphrase))
    return await decrypter.decrypt(plain)
  } catch (cause) {
    if (cause instanceof MachineError) throw cause
    const why = messageOf(cause)
    if (why.startsWith('no identity matched'))
      // age-encryption's words for it
      throw new MachineError('WRONG_PASSPHRASE', 'the passphrase does not open this bundle')
    throw new MachineError('BUNDLE_DAMAGED', `the bundle is damaged: it cannot be decrypted (${why})`, { cause })
  }
}

function textOf(passphrase: Secret): string {
  const value = passphrase.reveal()
  return typeof value === 'string' ? value : Buffer.from(value).toString('utf8')
}
