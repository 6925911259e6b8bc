/** Key pairs. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import type { Data } from '../../cloud/data.ts'
import { Problem, refuseUnless } from '../../cloud/problem.ts'
import { instanceOf } from '../instance-view.ts'
import { askedFor, byNumber, ecsTags, fits, readTags } from '../lists.ts'
import { found } from '../problem.ts'
import { rsaLine } from '../rsa-line.ts'
import { DEFAULT_GROUP } from '../vpc-view.ts'
import { type Ask, type Handlers, isOld, type KeyPair, minutes, type World } from '../world.ts'

const place = (name: unknown, region: string) => `${region} ${name}`

export function keyPairOf(name: unknown, region: string, { keyPairs, delays }: World): KeyPair {
  const pair = keyPairs.get(place(name, region))
  return found(
    pair && isOld(pair.madeAt, delays.keyUnseen) ? pair : undefined,
    'InvalidKeyPairName.NotFound',
    'The specified KeyPairName does not exist in our records.',
  )
}

/** The kinds of keys that the API's page names; ed25519 is not among them. */
const KINDS = ['ssh-rsa', 'ssh-dss', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']

/** The fingerprint of an OpenSSH public key; refused where it is none, or of a kind that is not taken. */
function readKey(line: string): string {
  const [kind = '', body = ''] = line.trim().split(/\s+/)
  const blob = Buffer.from(body, 'base64')
  const length = blob.length > 4 ? blob.readUInt32BE(0) : 0
  const inside = blob.subarray(4, 4 + length).toString()
  if (!KINDS.includes(kind) || inside !== kind || blob.length < 60 || /[\r\n]/.test(line.trim()))
    throw new Problem('InvalidPublicKeyBody.Malformed', 'The PublicKeyBody format is not supported.')
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/(..)(?=.)/g, '$1:')
}

function add({ parameters: p, region }: Ask, publicKey: string, fingerprint: string, world: World): KeyPair {
  const pair: KeyPair = {
    id: String(p.KeyPairName),
    region,
    publicKey,
    fingerprint,
    madeAt: Date.now(),
    tags: readTags(p.Tag),
    resourceGroupId: String(p.ResourceGroupId ?? DEFAULT_GROUP),
  }
  world.keyPairs.set(place(pair.id, region), pair)
  return pair
}

function checkNew({ parameters: p, region }: Ask, { keyPairs, quotas }: World): void {
  refuseUnless(!keyPairs.has(place(p.KeyPairName, region)), 'KeyPair.AlreadyExist', 'The key pair already exist.')
  const count = [...keyPairs.values()].filter(pair => pair.region === region).length
  refuseUnless(count < quotas.keyPairs, 'QuotaExceed.KeyPair', 'The key pair quota exceeds.', 403)
  readTags(p.Tag)
}

const inUse = (pair: KeyPair, { instances }: World) =>
  [...instances.values()].some(i => i.region === pair.region && i.keyPair === pair.id && i.life.goneAt === undefined)

/** Gives the instances a key pair, or none; what the guests have of it is not changed. */
function bind({ parameters: p, region }: Ask, name: string | undefined, world: World) {
  keyPairOf(p.KeyPairName, region, world)
  const targets = (p.InstanceIds as string[]).map(id => instanceOf(id, world, region))
  return () => {
    for (const instance of targets)
      if (name !== undefined || instance.keyPair === p.KeyPairName) instance.keyPair = name
    const results = targets.map(({ id }) => ({ InstanceId: id, Success: 'true', Code: '200', Message: 'successful' }))
    return {
      KeyPairName: String(p.KeyPairName),
      TotalCount: String(targets.length),
      FailCount: '0',
      Results: { Result: results },
    }
  }
}

export const keyPairs: Handlers = {
  ImportKeyPair(ask, world) {
    const line = String(ask.parameters.PublicKeyBody)
    const fingerprint = readKey(line)
    checkNew(ask, world)
    return () => {
      const pair = add(ask, line.trim(), fingerprint, world)
      return { KeyPairName: pair.id, KeyPairFingerPrint: fingerprint }
    }
  },
  CreateKeyPair(ask, world) {
    checkNew(ask, world)
    return () => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const line = rsaLine(publicKey.export({ format: 'jwk' }))
      const pair = add(ask, line, readKey(line), world)
      const body = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
      return {
        KeyPairName: pair.id,
        KeyPairId: `ssh-${pair.madeAt}`,
        KeyPairFingerPrint: pair.fingerprint,
        PrivateKeyBody: body,
      }
    }
  },
  AttachKeyPair: (ask, world) => bind(ask, String(ask.parameters.KeyPairName), world),
  DetachKeyPair: (ask, world) => bind(ask, undefined, world),
  DescribeKeyPairs(ask, world) {
    const { parameters: p } = ask
    const all = askedFor(world.keyPairs, ask, pair => ({
      KeyPairFingerPrint: pair.fingerprint,
      ResourceGroupId: pair.resourceGroupId,
    })).filter(pair => isOld(pair.madeAt, world.delays.keyUnseen) && fits(p.KeyPairName, pair.id))
    const { page, about } = byNumber(all, p)
    const view = (pair: KeyPair): Data => ({
      KeyPairName: pair.id,
      KeyPairFingerPrint: pair.fingerprint,
      CreationTime: minutes(pair.madeAt),
      ResourceGroupId: pair.resourceGroupId,
      Tags: ecsTags(pair),
      ...(p.IncludePublicKey === true ? { PublicKey: pair.publicKey } : {}),
    })
    return () => ({ ...about, KeyPairs: { KeyPair: page.map(view) } })
  },
  DeleteKeyPairs({ parameters: p, region }, world) {
    const pairs = (p.KeyPairNames as string[]).flatMap(name => world.keyPairs.get(place(name, region)) ?? [])
    refuseUnless(
      !pairs.some(pair => inUse(pair, world)),
      'InvalidParameter.KeypairAlreadyAttachedInstance',
      'The specified parameter KeyPairNames contains a key pair that is attached to an instance.',
    )
    return () => {
      for (const pair of pairs) world.keyPairs.delete(place(pair.id, region))
      return {}
    }
  },
}
