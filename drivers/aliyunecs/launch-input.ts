/** RunInstances for one candidate, out of the settings alone: nothing is asked and nothing is remembered. */
import type { Disk, RunInput } from './ecs-actions.ts'
import type { Candidate } from './plan.ts'
import type { DiskWish, Settings } from './settings.ts'
import { machineTags, TAG_LAUNCH, tagList } from './tags.ts'

export interface Launch {
  /** Absent in a DryRun. */
  readonly token?: string
  readonly candidate: Candidate
  readonly vSwitchId: string
  readonly groupId: string
  readonly keyName?: string
  /** Base64. */
  readonly userData: string | undefined
  readonly name: string
  readonly storeId: string
}

export function launchInput(s: Settings, launch: Launch): RunInput {
  const { candidate, token, keyName, userData } = launch
  return {
    Amount: 1,
    ...(token ? { ClientToken: token } : {}),
    InstanceName: launch.name.length > 1 ? launch.name : `m-${launch.name}`,
    ...(s.description ? { Description: s.description } : {}),
    ImageId: candidate.image.id,
    InstanceType: candidate.type.name,
    SecurityGroupId: launch.groupId,
    VSwitchId: launch.vSwitchId,
    ...(keyName ? { KeyPairName: keyName } : {}),
    ...(userData ? { UserData: userData } : {}),
    ...(s.ioOptimized ? { IoOptimized: s.ioOptimized } : {}),
    ...network(s),
    ...(s.ramRole ? { RamRoleName: s.ramRole } : {}),
    ...(s.resourceGroup ? { ResourceGroupId: s.resourceGroup } : {}),
    ...(s.metadata.endpoint ? { HttpEndpoint: s.metadata.endpoint } : {}),
    HttpTokens: s.metadata.tokens,
    ...(s.hardening === undefined ? {} : { SecurityEnhancementStrategy: s.hardening ? 'Active' : 'Deactive' }),
    ...spot(s),
    SystemDisk: { Size: s.systemDisk.sizeGb, ...disk(s, s.systemDisk) },
    ...dataDisk(s, launch.name),
    ...(s.ssh.user === 'ecs-user' ? { ImageOptions: { LoginAsNonRoot: true } } : {}),
    Tag: tagList({ ...machineTags(s.tags, launch.name, launch.storeId), ...(token ? { [TAG_LAUNCH]: token } : {}) }),
  }
}

/** With bandwidth the instance gets a public address of its own; an elastic one is bound later, and needs it to have none. */
function network(s: Settings): Partial<RunInput> {
  const address = s.privateIp ? { PrivateIpAddress: s.privateIp } : {}
  if (s.privateOnly || s.eip) return address
  return { ...address, InternetChargeType: s.chargeType, InternetMaxBandwidthOut: s.bandwidth }
}

function disk(s: Settings, { category, level }: DiskWish): Disk {
  return {
    ...(category ? { Category: category } : {}),
    ...(level ? { PerformanceLevel: level } : {}),
    ...(s.encrypted ? { Encrypted: true } : {}),
  }
}

/** The device name is left to ECS: what the disk is called on the host depends on its kernel. */
function dataDisk(s: Settings, name: string): Partial<RunInput> {
  if (s.dataDisk.sizeGb === 0) return {}
  return {
    DataDisk: [
      {
        DiskName: `${name}_data`,
        Description: 'Data volume for Docker',
        Size: s.dataDisk.sizeGb,
        ...disk(s, s.dataDisk),
        DeleteWithInstance: true,
      },
    ],
  }
}

function spot({ spot: wish }: Settings): Partial<RunInput> {
  if (!wish) return {}
  return {
    SpotStrategy: wish.maxPrice ? 'SpotWithPriceLimit' : 'SpotAsPriceGo',
    ...(wish.maxPrice ? { SpotPriceLimit: wish.maxPrice } : {}),
    ...(wish.hours === undefined ? {} : { SpotDuration: wish.hours }),
    SpotInterruptionBehavior: wish.interruption,
  }
}
