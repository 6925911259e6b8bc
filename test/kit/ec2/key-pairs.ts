/** Key pairs. moto answers HTML to a key that is none. */
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { type Handlers, isOld } from './world.ts'

/** OpenSSH lines of the types EC2 imports; PEM and DER of RSA it takes too, which nothing of ours sends. */
function isPublicKey(text: string): boolean {
  const [type = '', data = ''] = text.trim().split(/\s+/)
  if (type !== 'ssh-rsa' && type !== 'ssh-ed25519') return false
  const bytes = Buffer.from(data, 'base64')
  const fields: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    fields.push(bytes.subarray(at + 4, at + 4 + size))
    at += 4 + size
    if (at > bytes.length) return false
  }
  if (fields[0]?.toString() !== type) return false
  if (type === 'ssh-ed25519') return fields.length === 2 && fields[1]?.length === 32
  const bits = (fields[2]?.length ?? 0) * 8
  return fields.length === 3 && bits >= 1024 && bits <= 4096 + 8
}

interface KeyPair {
  readonly KeyName: string
  readonly KeyPairId: string
}

export const keyHandlers: Handlers = {
  ImportKeyPair: async (ask, world) => {
    const { KeyName: name = '', PublicKeyMaterial: material = '' } = ask.parameters as Record<string, string>
    refuseUnless(
      name.length <= 255 && /^[\x20-\x7e]+$/.test(name),
      'InvalidParameterValue',
      `Value (${name}) for parameter KeyName is invalid. Only up to 255 ASCII characters are allowed.`,
    )
    refuseUnless(
      isPublicKey(Buffer.from(material, 'base64').toString()),
      'InvalidKey.Format',
      'Key is not in valid OpenSSH public key format',
    )
    const { KeyPairs: all = [] } = await world.moto.call<{ KeyPairs?: KeyPair[] }>(ask.region, 'DescribeKeyPairs')
    refuseUnless(!all.some(key => key.KeyName === name), 'InvalidKeyPair.Duplicate', `The keypair already exists`)
    return async () => {
      const answer = await world.moto.call(ask.region, ask.action, ask.parameters)
      world.madeAt.set(`key ${ask.region} ${name}`, Date.now())
      return answer
    }
  },
  /** Of one that is not there EC2 says nothing. By id moto cannot. */
  DeleteKeyPair: (ask, world) => async () => {
    const { KeyName: name, KeyPairId: id } = ask.parameters
    const { KeyPairs: all = [] } = await world.moto.call<{ KeyPairs?: KeyPair[] }>(ask.region, 'DescribeKeyPairs')
    const key = all.find(each => (id === undefined ? each.KeyName === name : each.KeyPairId === id))
    if (!key) return { Return: true }
    return world.moto.call(ask.region, ask.action, { KeyName: key.KeyName })
  },
  DescribeKeyPairs: async (ask, world) => {
    const {
      KeyPairIds: ids = [],
      KeyNames: names = [],
      DryRun: _,
      ...rest
    } = ask.parameters as Record<string, string[]>
    const found = await world.moto.call<{ KeyPairs?: KeyPair[] }>(ask.region, ask.action, rest)
    const seen = (found.KeyPairs ?? []).filter(key =>
      isOld(`key ${ask.region} ${key.KeyName}`, world.delays.keyUnseen, world),
    )
    for (const name of names)
      refuseUnless(
        seen.some(key => key.KeyName === name),
        'InvalidKeyPair.NotFound',
        `The key pair '${name}' does not exist`,
      )
    for (const id of ids)
      refuseUnless(
        seen.some(key => key.KeyPairId === id),
        'InvalidKeyPair.NotFound',
        `The key pair '${id}' does not exist`,
      )
    const chosen = seen.filter(
      key => names.length + ids.length === 0 || names.includes(key.KeyName) || ids.includes(key.KeyPairId),
    )
    return async () => ({ KeyPairs: chosen as unknown as Data[] })
  },
}
