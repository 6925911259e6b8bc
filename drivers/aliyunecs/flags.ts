/**
 * The old driver's flags with their variables and meaning, and ours. Few have a `default`: what is the default otherwise
 * is settled in settings.ts and stands in brackets here.
 */
import type { Config } from '../driver.ts'
import { accessFlags } from './access-flags.ts'
import { FAMILY_NAMES } from './image-families.ts'

const instanceFlags = {
  imageId: { type: 'string', help: 'image to boot, by its id', env: 'ECS_IMAGE_ID' },
  image: {
    type: 'string',
    help: 'image to boot, the newest of a family (ubuntu-24.04)',
    env: 'MACHINE_ALIYUNECS_IMAGE',
    options: FAMILY_NAMES,
  },
  instanceType: {
    type: 'string',
    help: 'instance type; several, parted by commas, are tried in this order (ecs.u1-c1m2.large, then others as small)',
    env: 'ECS_INSTANCE_TYPE',
  },
  description: { type: 'string', help: 'description of the instance', env: 'ECS_DESCRIPTION' },
  ioOptimized: {
    type: 'string',
    help: 'optimized or true: I/O-optimised; none: not (as the type is)',
    env: 'ECS_IO_OPTIMIZED',
  },
  userdata: { type: 'string', help: 'file for cloud-init', env: 'MACHINE_ALIYUNECS_USERDATA', path: 'file' },
  ramRole: { type: 'string', help: 'RAM role of the instance', env: 'MACHINE_ALIYUNECS_RAM_ROLE' },
  resourceGroupId: {
    type: 'string',
    help: 'resource group of all that is made',
    env: 'ECS_RESOURCE_GROUP_ID',
    envAliases: ['RESOURCE_GROUP_ID'],
  },
  tag: {
    type: 'list',
    help: 'tag of all that is made, key=value',
    env: 'ECS_TAGS',
  },
  metadataToken: {
    type: 'string',
    help: 'required: instance metadata in the hardened mode alone (required)',
    env: 'MACHINE_ALIYUNECS_METADATA_TOKEN',
    options: ['required', 'optional'],
  },
  httpEndpoint: {
    type: 'string',
    help: 'instance metadata (enabled); without it cloud-init puts no key there',
    env: 'MACHINE_ALIYUNECS_HTTP_ENDPOINT',
    options: ['enabled', 'disabled'],
  },
  securityHardening: {
    type: 'bool',
    help: "Alibaba Cloud's security agent on public images",
    env: 'MACHINE_ALIYUNECS_SECURITY_HARDENING',
  },
  stoppedMode: {
    type: 'string',
    help: 'what `stop` does: keep-charging keeps address and place, stop-charging may lose both (keep-charging)',
    env: 'MACHINE_ALIYUNECS_STOPPED_MODE',
    options: ['keep-charging', 'stop-charging'],
  },
  upgradeKernel: {
    type: 'bool',
    help: 'taken, and told that it was for Ubuntu 14.04',
    env: 'ECS_UPGRADE_KERNEL',
  },
} as const

const spotFlags = {
  spot: { type: 'bool', help: 'spot instance', env: 'MACHINE_ALIYUNECS_SPOT' },
  spotPriceLimit: {
    type: 'string',
    help: 'most to pay for a spot instance an hour; without it the price on demand',
    env: 'MACHINE_ALIYUNECS_SPOT_PRICE_LIMIT',
  },
  spotDuration: {
    type: 'int',
    help: 'hours for which a spot instance is sure: 1 or 0 (1)',
    env: 'MACHINE_ALIYUNECS_SPOT_DURATION',
  },
  spotInterruption: {
    type: 'string',
    help: 'what happens when a spot instance is wanted back (terminate)',
    env: 'MACHINE_ALIYUNECS_SPOT_INTERRUPTION',
    options: ['terminate', 'stop'],
  },
} as const

const networkFlags = {
  vpcId: { type: 'string', help: 'VPC (the default one of the region; without any, one is made)', env: 'ECS_VPC_ID' },
  vswitchId: { type: 'string', help: 'vSwitch (one of the VPC; without any, one is made)', env: 'ECS_VSWITCH_ID' },
  zone: {
    type: 'string',
    help: 'zone; several, parted by commas, are tried in this order (all)',
    env: 'ECS_ZONE',
  },
  securityGroup: {
    type: 'string',
    help: 'security group, by name or id (docker-machine); made where a name is not there',
    env: 'ECS_SECURITY_GROUP',
  },
  allowCidr: {
    type: 'list',
    help: 'who reaches SSH and the engine: ranges (CIDR), or auto, your public address (auto)',
    env: 'MACHINE_ALIYUNECS_ALLOW_CIDR',
  },
  checkUrl: {
    type: 'string',
    help: 'service that tells your public address',
    env: 'MACHINE_ALIYUNECS_CHECK_URL',
  },
  openPort: {
    type: 'list',
    help: 'port open to everybody: 80, 53/udp, 8000-8010/tcp',
    env: 'MACHINE_ALIYUNECS_OPEN_PORT',
  },
  privateIp: { type: 'string', help: 'private address of the instance', env: 'ECS_VPC_PRIVATE_IP' },
  privateAddressOnly: { type: 'bool', help: 'no public address', env: 'ECS_PRIVATE_ADDR_ONLY' },
  eip: {
    type: 'bool',
    help: 'an elastic address (EIP), which outlives a stop, instead of a public one of the instance',
    env: 'MACHINE_ALIYUNECS_EIP',
  },
  internetMaxBandwidth: {
    type: 'int',
    help: 'most that goes out to the internet, 1 to 100 (Mbit/s)',
    env: 'ECS_INTERNET_MAX_BANDWIDTH',
    default: 1,
  },
  internetChargeType: {
    type: 'string',
    help: 'how traffic is paid',
    env: 'ECS_INTERNET_CHARGE_TYPE',
    options: ['PayByTraffic', 'PayByBandwidth'],
    default: 'PayByTraffic',
  },
  routeCidr: {
    type: 'string',
    help: "range of Docker's bridge, which the VPC is told to find at this instance",
    env: 'ECS_ROUTE_CIDR',
  },
  slbId: { type: 'string', help: 'classic load balancer to register with', env: 'ECS_SLB_ID' },
} as const

const diskFlags = {
  systemDiskSize: { type: 'int', help: 'size of the system disk in GB (40)', env: 'ECS_SYSTEM_DISK_SIZE' },
  systemDiskCategory: {
    type: 'string',
    help: 'kind of the system disk: cloud_essd, cloud_auto … (what the type has)',
    env: 'ECS_SYSTEM_DISK_CATEGORY',
  },
  systemDiskPerformanceLevel: {
    type: 'string',
    help: 'level of an ESSD system disk',
    env: 'MACHINE_ALIYUNECS_SYSTEM_DISK_PERFORMANCE_LEVEL',
    options: ['PL0', 'PL1', 'PL2', 'PL3'],
  },
  diskSize: { type: 'int', help: "size of a data disk for Docker's data in GB (0: none)", env: 'ECS_DISK_SIZE' },
  diskCategory: {
    type: 'string',
    help: 'kind of the data disk: cloud_essd, cloud_auto … (what the type has)',
    env: 'ECS_DISK_CATEGORY',
  },
  diskPerformanceLevel: {
    type: 'string',
    help: 'level of an ESSD data disk',
    env: 'MACHINE_ALIYUNECS_DISK_PERFORMANCE_LEVEL',
    options: ['PL0', 'PL1', 'PL2', 'PL3'],
  },
  diskFs: {
    type: 'string',
    help: 'file system of the data disk',
    env: 'ECS_DISK_FS',
    options: ['ext4', 'xfs'],
    default: 'ext4',
  },
  diskEncrypted: {
    type: 'bool',
    help: 'encrypt system and data disk',
    env: 'MACHINE_ALIYUNECS_DISK_ENCRYPTED',
  },
} as const

const sshFlags = {
  sshUser: {
    type: 'string',
    help: 'user to log in as: root, or ecs-user, or what the image has (root)',
    env: 'MACHINE_ALIYUNECS_SSH_USER',
  },
  sshPort: {
    type: 'int',
    help: 'port of the SSH server (22); another is set up through cloud-init',
    env: 'MACHINE_ALIYUNECS_SSH_PORT',
  },
  sshKeypair: {
    type: 'string',
    help: 'key pair that is there already; needs --aliyunecs-ssh-keypath',
    env: 'ECS_SSH_KEYPAIR',
  },
  sshKeypath: {
    type: 'string',
    help: 'private key to use instead of one made for the machine',
    env: 'ECS_SSH_KEYPATH',
    path: 'file',
  },
  sshPassword: {
    type: 'string',
    help: 'taken, and not used: machines are logged in to by their key',
    env: 'ECS_SSH_PASSWORD',
    secret: true,
  },
} as const

export const flags = {
  ...accessFlags,
  ...instanceFlags,
  ...diskFlags,
  ...networkFlags,
  ...spotFlags,
  ...sshFlags,
} as const

export type EcsConfig = Config<typeof flags>
