/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver aliyunecs: an Alibaba Cloud ECS instance. */
export interface AliyunecsSettings {
  /** AccessKey ID (env ECS_ACCESS_KEY_ID or ALIBABA_CLOUD_ACCESS_KEY_ID or ALIYUN_ACCESS_KEY_ID or ALICLOUD_ACCESS_KEY) */
  accessKeyId?: Input<string>
  /** AccessKey secret (env ECS_ACCESS_KEY_SECRET or ALIBABA_CLOUD_ACCESS_KEY_SECRET or ALIYUN_ACCESS_KEY_SECRET or ALICLOUD_SECRET_KEY) */
  accessKeySecret?: Input<string>
  /** STS token of temporary keys (env ECS_SECURITY_TOKEN or ALIBABA_CLOUD_SECURITY_TOKEN or ALIYUN_SECURITY_TOKEN or ALICLOUD_SECURITY_TOKEN) */
  securityToken?: Input<string>
  /** profile of ~/.aliyun/config.json to come as; ALIBABA_CLOUD_PROFILE, else its current one (env MACHINE_ALIYUNECS_PROFILE) */
  profile?: Input<string>
  /** region; without one the profile's, else cn-hangzhou (env ECS_REGION or ALIBABA_CLOUD_REGION_ID or ALIBABA_CLOUD_REGION or ALIYUN_REGION or ALICLOUD_REGION) */
  region?: Input<string>
  /** URL or host of the ECS API, where it is another than the region has (env ECS_API_ENDPOINT or ECS_ENDPOINT) */
  apiEndpoint?: Input<string>
  /** how often a throttled or failed request is repeated (8); -1: never (env MACHINE_ALIYUNECS_RETRIES) */
  retries?: Input<number>
  /** image to boot, by its id (env ECS_IMAGE_ID) */
  imageId?: Input<string>
  /** image to boot, the newest of a family (ubuntu-24.04) (env MACHINE_ALIYUNECS_IMAGE) */
  image?: Input<'ubuntu-24.04' | 'ubuntu-22.04' | 'debian-13' | 'debian-12' | 'alibaba-cloud-linux-3'>
  /** instance type; several, parted by commas, are tried in this order (ecs.u1-c1m2.large, then others as small) (env ECS_INSTANCE_TYPE) */
  instanceType?: Input<string>
  /** description of the instance (env ECS_DESCRIPTION) */
  description?: Input<string>
  /** optimized or true: I/O-optimised; none: not (as the type is) (env ECS_IO_OPTIMIZED) */
  ioOptimized?: Input<string>
  /** file for cloud-init (env MACHINE_ALIYUNECS_USERDATA) */
  userdata?: Input<string>
  /** RAM role of the instance (env MACHINE_ALIYUNECS_RAM_ROLE) */
  ramRole?: Input<string>
  /** resource group of all that is made (env ECS_RESOURCE_GROUP_ID or RESOURCE_GROUP_ID) */
  resourceGroupId?: Input<string>
  /** tag of all that is made, key=value (env ECS_TAGS) */
  tag?: Input<Input<string>[]>
  /** required: instance metadata in the hardened mode alone (required) (env MACHINE_ALIYUNECS_METADATA_TOKEN) */
  metadataToken?: Input<'required' | 'optional'>
  /** instance metadata (enabled); without it cloud-init puts no key there (env MACHINE_ALIYUNECS_HTTP_ENDPOINT) */
  httpEndpoint?: Input<'enabled' | 'disabled'>
  /** Alibaba Cloud's security agent on public images (env MACHINE_ALIYUNECS_SECURITY_HARDENING) */
  securityHardening?: Input<boolean>
  /** what `stop` does: keep-charging keeps address and place, stop-charging may lose both (keep-charging) (env MACHINE_ALIYUNECS_STOPPED_MODE) */
  stoppedMode?: Input<'keep-charging' | 'stop-charging'>
  /** taken, and told that it was for Ubuntu 14.04 (env ECS_UPGRADE_KERNEL) */
  upgradeKernel?: Input<boolean>
  /** size of the system disk in GB (40) (env ECS_SYSTEM_DISK_SIZE) */
  systemDiskSize?: Input<number>
  /** kind of the system disk: cloud_essd, cloud_auto … (what the type has) (env ECS_SYSTEM_DISK_CATEGORY) */
  systemDiskCategory?: Input<string>
  /** level of an ESSD system disk (env MACHINE_ALIYUNECS_SYSTEM_DISK_PERFORMANCE_LEVEL) */
  systemDiskPerformanceLevel?: Input<'PL0' | 'PL1' | 'PL2' | 'PL3'>
  /** size of a data disk for Docker's data in GB (0: none) (env ECS_DISK_SIZE) */
  diskSize?: Input<number>
  /** kind of the data disk: cloud_essd, cloud_auto … (what the type has) (env ECS_DISK_CATEGORY) */
  diskCategory?: Input<string>
  /** level of an ESSD data disk (env MACHINE_ALIYUNECS_DISK_PERFORMANCE_LEVEL) */
  diskPerformanceLevel?: Input<'PL0' | 'PL1' | 'PL2' | 'PL3'>
  /** file system of the data disk (env ECS_DISK_FS, default ext4) */
  diskFs?: Input<'ext4' | 'xfs'>
  /** encrypt system and data disk (env MACHINE_ALIYUNECS_DISK_ENCRYPTED) */
  diskEncrypted?: Input<boolean>
  /** VPC (the default one of the region; without any, one is made) (env ECS_VPC_ID) */
  vpcId?: Input<string>
  /** vSwitch (one of the VPC; without any, one is made) (env ECS_VSWITCH_ID) */
  vswitchId?: Input<string>
  /** zone; several, parted by commas, are tried in this order (all) (env ECS_ZONE) */
  zone?: Input<string>
  /** security group, by name or id (docker-machine); made where a name is not there (env ECS_SECURITY_GROUP) */
  securityGroup?: Input<string>
  /** who reaches SSH and the engine: ranges (CIDR), or auto, your public address (auto) (env MACHINE_ALIYUNECS_ALLOW_CIDR) */
  allowCidr?: Input<Input<string>[]>
  /** service that tells your public address (env MACHINE_ALIYUNECS_CHECK_URL) */
  checkUrl?: Input<string>
  /** port open to everybody: 80, 53/udp, 8000-8010/tcp (env MACHINE_ALIYUNECS_OPEN_PORT) */
  openPort?: Input<Input<string>[]>
  /** private address of the instance (env ECS_VPC_PRIVATE_IP) */
  privateIp?: Input<string>
  /** no public address (env ECS_PRIVATE_ADDR_ONLY) */
  privateAddressOnly?: Input<boolean>
  /** an elastic address (EIP), which outlives a stop, instead of a public one of the instance (env MACHINE_ALIYUNECS_EIP) */
  eip?: Input<boolean>
  /** most that goes out to the internet, 1 to 100 (Mbit/s) (env ECS_INTERNET_MAX_BANDWIDTH, default 1) */
  internetMaxBandwidth?: Input<number>
  /** how traffic is paid (env ECS_INTERNET_CHARGE_TYPE, default PayByTraffic) */
  internetChargeType?: Input<'PayByTraffic' | 'PayByBandwidth'>
  /** range of Docker's bridge, which the VPC is told to find at this instance (env ECS_ROUTE_CIDR) */
  routeCidr?: Input<string>
  /** classic load balancer to register with (env ECS_SLB_ID) */
  slbId?: Input<string>
  /** spot instance (env MACHINE_ALIYUNECS_SPOT) */
  spot?: Input<boolean>
  /** most to pay for a spot instance an hour; without it the price on demand (env MACHINE_ALIYUNECS_SPOT_PRICE_LIMIT) */
  spotPriceLimit?: Input<string>
  /** hours for which a spot instance is sure: 1 or 0 (1) (env MACHINE_ALIYUNECS_SPOT_DURATION) */
  spotDuration?: Input<number>
  /** what happens when a spot instance is wanted back (terminate) (env MACHINE_ALIYUNECS_SPOT_INTERRUPTION) */
  spotInterruption?: Input<'terminate' | 'stop'>
  /** user to log in as: root, or ecs-user, or what the image has (root) (env MACHINE_ALIYUNECS_SSH_USER) */
  sshUser?: Input<string>
  /** port of the SSH server (22); another is set up through cloud-init (env MACHINE_ALIYUNECS_SSH_PORT) */
  sshPort?: Input<number>
  /** key pair that is there already; needs --aliyunecs-ssh-keypath (env ECS_SSH_KEYPAIR) */
  sshKeypair?: Input<string>
  /** private key to use instead of one made for the machine (env ECS_SSH_KEYPATH) */
  sshKeypath?: Input<string>
  /** taken, and not used: machines are logged in to by their key (env ECS_SSH_PASSWORD) */
  sshPassword?: Input<string>
}
