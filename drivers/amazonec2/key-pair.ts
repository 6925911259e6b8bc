/** The key pair a machine is logged in to with: one imported for it alone, or one that is there. */
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import type { OwnKey } from '../cloud/own-key.ts'
import * as shared from '../cloud/own-key.ts'
import type { Ctx } from '../driver.ts'
import type { Ec2 } from './api.ts'
import { type Tags, tagList } from './tags.ts'

/** EC2's limit. */
const LONGEST_NAME = 255

/** The key of `--amazonec2-ssh-keypath`. Throws in words for a file that is none, or a kind EC2 does not take. */
export async function readOwnKey(path: string, env: Ctx['env']): Promise<OwnKey> {
  const flag = '--amazonec2-ssh-keypath or AWS_SSH_KEYPATH'
  return await shared.readOwnKey({ path, flag, cloud: 'EC2', kinds: ['ssh-rsa', 'ssh-ed25519'] }, env)
}

/** A name nothing has: what an earlier machine of this name left behind is never in the way. */
export function newKeyName(name: string, storeId: string): string {
  return shared.newKeyName(name, storeId, LONGEST_NAME)
}

export async function importKey(ec2: Ec2, name: string, publicLine: string, tags: Tags): Promise<void> {
  try {
    await ec2.call('ImportKeyPair', {
      KeyName: name,
      PublicKeyMaterial: Buffer.from(publicLine),
      TagSpecifications: [{ ResourceType: 'key-pair', Tags: tagList(tags) }],
    })
  } catch (error) {
    // Nobody else has this name: the answer to our own first request was lost, and it was repeated.
    if (providerCode(error) !== 'InvalidKeyPair.Duplicate') throw error
  }
}

/** Throws unless the key pair of `--amazonec2-keypair-name` is there and is this key's. */
export async function checkPair(ec2: Ec2, name: string, key: OwnKey): Promise<void> {
  const { KeyPairs = [] } = await ec2.call('DescribeKeyPairs', { KeyNames: [name], IncludePublicKey: true })
  const theirs = KeyPairs[0]?.PublicKey?.split(' ')[1]
  if (theirs === undefined || theirs === key.publicLine.split(' ')[1]) return
  throw new MachineError('SSH_KEY', `key pair "${name}" is not of the key in --amazonec2-ssh-keypath`, {
    hints: ['name the private key that belongs to it, or leave --amazonec2-keypair-name out to import yours'],
  })
}
