/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver amazonec2: an EC2 instance. */
export interface Amazonec2Settings {
  /** access key id (env AWS_ACCESS_KEY_ID) */
  accessKey?: Input<string>
  /** secret access key (env AWS_SECRET_ACCESS_KEY) */
  secretKey?: Input<string>
  /** session token of temporary keys (env AWS_SESSION_TOKEN) */
  sessionToken?: Input<string>
  /** profile of ~/.aws/config to come as; AWS_PROFILE, else `default` (env MACHINE_AMAZONEC2_PROFILE) */
  profile?: Input<string>
  /** region; without one the profile's, else us-east-1 (env AWS_DEFAULT_REGION or AWS_REGION) */
  region?: Input<string>
  /** URL of the API, where it is not AWS itself (env AWS_ENDPOINT) */
  endpoint?: Input<string>
  /** speak http to --amazonec2-endpoint (env AWS_INSECURE_TRANSPORT) */
  insecureTransport?: Input<boolean>
  /** how often a throttled or failed request is repeated (5); -1: never (env MACHINE_AMAZONEC2_RETRIES) */
  retries?: Input<number>
  /** image to boot, by its id (env AWS_AMI) */
  ami?: Input<string>
  /** image to boot, the newest of a family (ubuntu-24.04) (env MACHINE_AMAZONEC2_IMAGE) */
  image?: Input<'ubuntu-24.04' | 'ubuntu-26.04' | 'ubuntu-22.04' | 'debian-13' | 'debian-12' | 'amazon-linux-2023'>
  /** instance type (t3.micro); several, parted by commas, are tried in this order (env AWS_INSTANCE_TYPE) */
  instanceType?: Input<string>
  /** instance profile, by name or ARN (env AWS_INSTANCE_PROFILE) */
  iamInstanceProfile?: Input<string>
  /** launch template, by id or name, as NAME[:VERSION]; what is typed here goes before it (env MACHINE_AMAZONEC2_LAUNCH_TEMPLATE) */
  launchTemplate?: Input<string>
  /** file for cloud-init (env AWS_USERDATA) */
  userdata?: Input<string>
  /** tags of all that is made: key,value,key,value or key=value,key=value (env AWS_TAGS) */
  tags?: Input<string>
  /** detailed monitoring (env MACHINE_AMAZONEC2_MONITORING) */
  monitoring?: Input<boolean>
  /** EBS-optimised instance, where the type is not by itself (env MACHINE_AMAZONEC2_USE_EBS_OPTIMIZED_INSTANCE) */
  useEbsOptimizedInstance?: Input<boolean>
  /** CPU credits of burstable types (as the account has it) (env MACHINE_AMAZONEC2_CREDIT_SPECIFICATION) */
  creditSpecification?: Input<'standard' | 'unlimited'>
  /** nobody else can terminate it; `rm` lifts that first (env MACHINE_AMAZONEC2_TERMINATION_PROTECTION) */
  terminationProtection?: Input<boolean>
  /** placement group, by name (env MACHINE_AMAZONEC2_PLACEMENT_GROUP) */
  placementGroup?: Input<string>
  /** whose hardware it runs on (default) (env MACHINE_AMAZONEC2_TENANCY) */
  tenancy?: Input<'default' | 'dedicated' | 'host'>
  /** required: instance metadata by IMDSv2 alone (required) (env MACHINE_AMAZONEC2_METADATA_TOKEN or AWS_HTTP_TOKENS) */
  metadataToken?: Input<'required' | 'optional'>
  /** how far metadata tokens travel (1); 2 lets containers read them (env MACHINE_AMAZONEC2_METADATA_TOKEN_RESPONSE_HOP_LIMIT) */
  metadataTokenResponseHopLimit?: Input<number>
  /** instance metadata (enabled); without it cloud-init puts no key there (env AWS_HTTP_ENDPOINT) */
  httpEndpoint?: Input<'enabled' | 'disabled'>
  /** instance metadata over IPv6 (disabled) (env AWS_HTTP_PROTOCOL_IPV6) */
  httpProtocolIpv6?: Input<'enabled' | 'disabled'>
  /** device of the root volume (the image's) (env AWS_DEVICE_NAME) */
  deviceName?: Input<string>
  /** size of the root volume in GB (16) (env AWS_ROOT_SIZE) */
  rootSize?: Input<number>
  /** type of the root volume (gp3) (env AWS_VOLUME_TYPE) */
  volumeType?: Input<string>
  /** operations a second of the root volume (env MACHINE_AMAZONEC2_VOLUME_IOPS) */
  volumeIops?: Input<number>
  /** throughput of a gp3 root volume in MiB/s (env MACHINE_AMAZONEC2_VOLUME_THROUGHPUT) */
  volumeThroughput?: Input<number>
  /** encrypt the root volume and those of --amazonec2-block-device-mapping (env MACHINE_AMAZONEC2_VOLUME_ENCRYPTED or AWS_ENCRYPT_EBS_VOLUME, default true) */
  volumeEncrypted?: Input<boolean>
  /** KMS key to encrypt with (the account's for EBS) (env AWS_VOLUME_KMS_KEY or AWS_KMS_KEY) */
  volumeKmsKey?: Input<string>
  /** further volume: /dev/sdf=100:gp3, or as DeviceName=/dev/sdf,VolumeSize=100,… */
  blockDeviceMapping?: Input<Input<string>[]>
  /** VPC (the default one of the region) (env AWS_VPC_ID) */
  vpcId?: Input<string>
  /** availability zone, `a` or `us-east-1a`; several, parted by commas, are tried in this order (all) (env AWS_ZONE) */
  zone?: Input<string>
  /** subnet (the default one of the zone) (env AWS_SUBNET_ID) */
  subnetId?: Input<string>
  /** security group, by name or id (docker-machine); made where a name is not there (env AWS_SECURITY_GROUP) */
  securityGroup?: Input<Input<string>[]>
  /** make no security group and change none (env AWS_SECURITY_GROUP_READONLY) */
  securityGroupReadonly?: Input<boolean>
  /** who reaches SSH and the engine: ranges (CIDR), or auto, your public address (auto) (env MACHINE_AMAZONEC2_ALLOW_CIDR) */
  allowCidr?: Input<Input<string>[]>
  /** service that tells your public address (env MACHINE_AMAZONEC2_CHECK_URL) */
  checkUrl?: Input<string>
  /** port open to everybody: 80, 53/udp, 8000-8010/tcp (env MACHINE_AMAZONEC2_OPEN_PORT) */
  openPort?: Input<Input<string>[]>
  /** no public IPv4 address (env MACHINE_AMAZONEC2_PRIVATE_ADDRESS_ONLY) */
  privateAddressOnly?: Input<boolean>
  /** reach it by its private address, also where it has a public one (env MACHINE_AMAZONEC2_USE_PRIVATE_ADDRESS) */
  usePrivateAddress?: Input<boolean>
  /** an IPv6 address as well (env MACHINE_AMAZONEC2_IPV6) */
  ipv6?: Input<boolean>
  /** how many IPv6 addresses (0; 1 with --amazonec2-ipv6) (env AWS_IPV6_ADDRESS_COUNT) */
  ipv6AddressCount?: Input<number>
  /** no public IPv4 address, and reached over IPv6 (env AWS_IPV6_ADDRESS_ONLY) */
  ipv6AddressOnly?: Input<boolean>
  /** the first IPv6 address stays as long as the instance (env AWS_ENABLE_PRIMARY_IPV6) */
  enablePrimaryIpv6?: Input<boolean>
  /** spot instance (env MACHINE_AMAZONEC2_REQUEST_SPOT_INSTANCE) */
  requestSpotInstance?: Input<boolean>
  /** most to pay for a spot instance (dollars an hour); without it the price on demand (env MACHINE_AMAZONEC2_SPOT_PRICE) */
  spotPrice?: Input<string>
  /** what happens when EC2 wants a spot instance back (terminate) (env MACHINE_AMAZONEC2_SPOT_INTERRUPTION) */
  spotInterruption?: Input<'terminate' | 'stop' | 'hibernate'>
  /** taken, and told that EC2 has it no more (env MACHINE_AMAZONEC2_BLOCK_DURATION_MINUTES) */
  blockDurationMinutes?: Input<number>
  /** port of the SSH server (22); another is set up through cloud-init (env AWS_SSH_PORT) */
  sshPort?: Input<number>
  /** user to log in as (the image's) (env AWS_SSH_USER) */
  sshUser?: Input<string>
  /** private key to use instead of one made for the machine (env AWS_SSH_KEYPATH) */
  sshKeypath?: Input<string>
  /** key pair that is there already; needs --amazonec2-ssh-keypath (env AWS_KEYPAIR_NAME) */
  keypairName?: Input<string>
}
