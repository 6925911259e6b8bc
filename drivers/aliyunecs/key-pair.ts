/** The key pair a machine is logged in to with: one imported for it alone, or one that is there. */
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { newKeyName, type OwnKey, readOwnKey } from '../cloud/own-key.ts'
import type { Ctx } from '../driver.ts'
import type { Ecs } from './api.ts'
import { isGone } from './problems.ts'
import type { Settings } from './settings.ts'
import { machineTags, tagList } from './tags.ts'
import { untilKnown } from './waits.ts'

/** ECS's limit; names begin with a letter. */
const LONGEST_NAME = 128
/** Kinds ECS documents: an ed25519 key is not among them. */
const KINDS = ['ssh-rsa', 'ecdsa-sha2-nistp256']

export async function ownKeyOf({ key }: Settings, env: Ctx['env']): Promise<OwnKey | undefined> {
  if (key.path === undefined) return undefined
  const flag = '--aliyunecs-ssh-keypath or ECS_SSH_KEYPATH'
  return await readOwnKey({ path: key.path, flag, cloud: 'Alibaba Cloud', kinds: KINDS }, env)
}

export function keyNameFor(name: string, storeId: string): string {
  return newKeyName(/^[a-z]/i.test(name) ? name : `m-${name}`, storeId, LONGEST_NAME)
}

export async function importKey(ecs: Ecs, s: Settings, key: { name: string; line: string }, ctx: Ctx): Promise<void> {
  try {
    await ecs.call('ImportKeyPair', {
      KeyPairName: key.name,
      PublicKeyBody: key.line.trim(),
      ...(s.resourceGroup ? { ResourceGroupId: s.resourceGroup } : {}),
      Tag: tagList(machineTags(s.tags, ctx.name, ctx.storeId)),
    })
  } catch (error) {
    // Nobody else has this name: the answer to our own first request was lost, and it was repeated.
    if (!/AlreadyExist|Duplicate/.test(providerCode(error) ?? '')) throw error
  }
  ctx.point('ecs key pair imported')
}

/** Throws unless the key pair of `--aliyunecs-ssh-keypair` is there and is this key's. */
export async function checkPair(ecs: Ecs, name: string, key: OwnKey): Promise<void> {
  const { KeyPairs } = await ecs.call('DescribeKeyPairs', { KeyPairName: name, IncludePublicKey: true })
  const seen = KeyPairs?.KeyPair?.find(pair => pair.KeyPairName === name)
  if (!seen)
    throw new MachineError('ECS_NOT_FOUND', `the key pair ${name} is not there in region ${ecs.region}`, {
      hints: ['check --aliyunecs-ssh-keypair: `aliyun ecs DescribeKeyPairs` lists those of the region'],
    })
  const theirs = seen.PublicKey?.split(' ')[1]
  if (!theirs || theirs === key.publicLine.split(' ')[1]) return
  throw new MachineError('SSH_KEY', `key pair "${name}" is not of the key in --aliyunecs-ssh-keypath`, {
    hints: ['name the private key that belongs to it, or leave --aliyunecs-ssh-keypair out to import yours'],
  })
}

/** Gone already is success. A key pair can go when the instance that has it is gone, and a little later. */
export async function deleteKey(ecs: Ecs, name: string, signal: AbortSignal): Promise<void> {
  const KeyPairNames = JSON.stringify([name])
  await untilKnown(/KeyPair.*(Attached|InUse)|DependencyViolation|^InvalidOperation/i, signal, () =>
    ecs.call('DeleteKeyPairs', { KeyPairNames }),
  ).catch(error => {
    if (!isGone(error)) throw error
  })
}
