/** What a test of the cloud itself does first, as a client of its own: find a place, make a group and a key, launch. */
import { generateKeyPairSync } from 'node:crypto'
import type { Sent } from './client.ts'
import { rsaLine } from './rsa-line.ts'
import type { AliyunCloud, AskOptions } from './seen.ts'

/** 'OK', or the code of the refusal. */
export async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'OK'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

export interface Place {
  readonly RegionId: string
  readonly vpcId: string
  readonly vswitchId: string
  readonly zone: string
  readonly groupId: string
  readonly keyPair: string
  /** OpenSSH line and PEM of that key pair. */
  readonly publicKey: string
  readonly privateKey: string
  /** Parameters of a launch that is taken. */
  readonly launch: Sent
}

interface VSwitches {
  VSwitches: { VSwitch: { VSwitchId: string; VpcId: string; ZoneId: string }[] }
}

export async function findPlace(cloud: AliyunCloud): Promise<Place> {
  const RegionId = cloud.region
  const found = await cloud.ask<VSwitches>('DescribeVSwitches', { RegionId, IsDefault: true }, { service: 'vpc' })
  const [vswitch] = found.VSwitches.VSwitch
  if (!vswitch) throw new Error('there is no default vSwitch')
  const { SecurityGroupId: groupId } = await cloud.ask<{ SecurityGroupId: string }>('CreateSecurityGroup', {
    RegionId,
    VpcId: vswitch.VpcId,
    SecurityGroupName: 'test',
  })
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const line = rsaLine(publicKey.export({ format: 'jwk' }))
  await cloud.ask('ImportKeyPair', { RegionId, KeyPairName: 'test', PublicKeyBody: line })
  return {
    RegionId,
    vpcId: vswitch.VpcId,
    vswitchId: vswitch.VSwitchId,
    zone: vswitch.ZoneId,
    groupId,
    keyPair: 'test',
    publicKey: line,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    launch: {
      RegionId,
      InstanceType: 'ecs.g5.large',
      ImageFamily: 'acs:ubuntu_24_04_x64',
      SecurityGroupId: groupId,
      VSwitchId: vswitch.VSwitchId,
      KeyPairName: 'test',
    },
  }
}

/** Launches one, with more than the place's parameters, and returns its id; it is Pending. */
export async function launchOne(
  cloud: AliyunCloud,
  place: Place,
  more: Sent = {},
  options?: AskOptions,
): Promise<string> {
  const answer = await cloud.ask<{ InstanceIdSets: { InstanceIdSet: string[] } }>(
    'RunInstances',
    { ...place.launch, ...more },
    options,
  )
  return answer.InstanceIdSets.InstanceIdSet[0] ?? ''
}

export type Described = Readonly<Record<string, unknown>> & { readonly Status: string }

/** One instance as DescribeInstances tells it; undefined: it does not. */
export async function describe(cloud: AliyunCloud, id: string): Promise<Described | undefined> {
  const answer = await cloud.ask<{ Instances: { Instance: Described[] } }>('DescribeInstances', {
    RegionId: cloud.region,
    InstanceIds: JSON.stringify([id]),
  })
  return answer.Instances.Instance[0]
}
