/** The driver aliyunecs called in this process, in an account of the stand-in Alibaba Cloud in which nothing is made yet. */
import type { EcsConfig } from '../../drivers/aliyunecs/flags.ts'
import type { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import type { State } from '../../drivers/aliyunecs/state.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { PUBLIC_KEY } from '../kit/aliyun/public-key.ts'
import { DriverStore } from './driver-store.ts'

export type Aliyunecs = typeof aliyunecs
export const CALLER = '192.0.2.77'

export class Store extends DriverStore<EcsConfig, State, Aliyunecs, AliyunCloud> {
  protected override readonly usual = { 'instance-type': 'ecs.g5.large' }

  constructor(driver: Aliyunecs, cloud: AliyunCloud) {
    super(driver, cloud, PUBLIC_KEY)
  }
}

/** Without a network of its own, and nothing takes its time there. It has room for what broken drivers leave. */
export async function openAccount(): Promise<AliyunCloud> {
  const quotas = { vcpus: 1000, vpcs: 100, eips: 100 }
  const cloud = await startAliyun({ delays: QUICK, defaultVpc: false, quotas })
  cloud.check.answer = CALLER
  return cloud
}

/** A network that somebody else made, and what takes it away again. */
export async function foreignNetwork(cloud: AliyunCloud) {
  const RegionId = cloud.region
  const vpc = <T>(action: string, parameters: Record<string, string>) =>
    cloud.ask<T>(action, { RegionId, ...parameters }, { service: 'vpc' })
  const { VpcId } = await vpc<{ VpcId: string }>('CreateVpc', { CidrBlock: '10.7.0.0/16' })
  const place = { VpcId, ZoneId: `${RegionId}-g`, CidrBlock: '10.7.0.0/24' }
  const { VSwitchId } = await vpc<{ VSwitchId: string }>('CreateVSwitch', place)
  const { SecurityGroupId } = await cloud.ask<{ SecurityGroupId: string }>('CreateSecurityGroup', {
    RegionId,
    VpcId,
    SecurityGroupName: 'docker-machine',
  })
  return {
    flags: { 'vpc-id': VpcId },
    vSwitchId: VSwitchId,
    things: [`security-group ${SecurityGroupId} docker-machine`, `vswitch ${VSwitchId}`, `vpc ${VpcId}`],
    async remove() {
      await cloud.ask('DeleteSecurityGroup', { RegionId, SecurityGroupId })
      await vpc('DeleteVSwitch', { VSwitchId })
      await vpc('DeleteVpc', { VpcId })
    },
  }
}
