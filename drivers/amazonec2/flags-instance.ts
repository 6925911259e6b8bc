import { FAMILY_NAMES } from './images.ts'

/** What is launched, and how it is logged in to. */
export const instanceFlags = {
  ami: { type: 'string', help: 'image to boot, by its id', env: 'AWS_AMI' },
  image: {
    type: 'string',
    help: 'image to boot, the newest of a family (ubuntu-24.04)',
    env: 'MACHINE_AMAZONEC2_IMAGE',
    options: FAMILY_NAMES,
  },
  instanceType: {
    type: 'string',
    help: 'instance type (t3.micro); several, parted by commas, are tried in this order',
    env: 'AWS_INSTANCE_TYPE',
  },
  iamInstanceProfile: {
    type: 'string',
    help: 'instance profile, by name or ARN',
    env: 'AWS_INSTANCE_PROFILE',
  },
  launchTemplate: {
    type: 'string',
    help: 'launch template, by id or name, as NAME[:VERSION]; what is typed here goes before it',
    env: 'MACHINE_AMAZONEC2_LAUNCH_TEMPLATE',
  },
  userdata: { type: 'string', help: 'file for cloud-init', env: 'AWS_USERDATA', path: 'file' },
  tags: {
    type: 'string',
    help: 'tags of all that is made: key,value,key,value or key=value,key=value',
    env: 'AWS_TAGS',
  },
  monitoring: { type: 'bool', help: 'detailed monitoring', env: 'MACHINE_AMAZONEC2_MONITORING' },
  useEbsOptimizedInstance: {
    type: 'bool',
    help: 'EBS-optimised instance, where the type is not by itself',
    env: 'MACHINE_AMAZONEC2_USE_EBS_OPTIMIZED_INSTANCE',
  },
  creditSpecification: {
    type: 'string',
    help: 'CPU credits of burstable types (as the account has it)',
    env: 'MACHINE_AMAZONEC2_CREDIT_SPECIFICATION',
    options: ['standard', 'unlimited'],
  },
  terminationProtection: {
    type: 'bool',
    help: 'nobody else can terminate it; `rm` lifts that first',
    env: 'MACHINE_AMAZONEC2_TERMINATION_PROTECTION',
  },
  placementGroup: { type: 'string', help: 'placement group, by name', env: 'MACHINE_AMAZONEC2_PLACEMENT_GROUP' },
  tenancy: {
    type: 'string',
    help: 'whose hardware it runs on (default)',
    env: 'MACHINE_AMAZONEC2_TENANCY',
    options: ['default', 'dedicated', 'host'],
  },
  metadataToken: {
    type: 'string',
    help: 'required: instance metadata by IMDSv2 alone (required)',
    env: 'MACHINE_AMAZONEC2_METADATA_TOKEN',
    envAliases: ['AWS_HTTP_TOKENS'],
    aliases: ['amazonec2-http-tokens'],
    options: ['required', 'optional'],
  },
  metadataTokenResponseHopLimit: {
    type: 'int',
    help: 'how far metadata tokens travel (1); 2 lets containers read them',
    env: 'MACHINE_AMAZONEC2_METADATA_TOKEN_RESPONSE_HOP_LIMIT',
  },
  httpEndpoint: {
    type: 'string',
    help: 'instance metadata (enabled); without it cloud-init puts no key there',
    env: 'AWS_HTTP_ENDPOINT',
    options: ['enabled', 'disabled'],
  },
  httpProtocolIpv6: {
    type: 'string',
    help: 'instance metadata over IPv6 (disabled)',
    env: 'AWS_HTTP_PROTOCOL_IPV6',
    options: ['enabled', 'disabled'],
  },
} as const

export const spotFlags = {
  requestSpotInstance: { type: 'bool', help: 'spot instance', env: 'MACHINE_AMAZONEC2_REQUEST_SPOT_INSTANCE' },
  spotPrice: {
    type: 'string',
    help: 'most to pay for a spot instance (dollars an hour); without it the price on demand',
    env: 'MACHINE_AMAZONEC2_SPOT_PRICE',
  },
  spotInterruption: {
    type: 'string',
    help: 'what happens when EC2 wants a spot instance back (terminate)',
    env: 'MACHINE_AMAZONEC2_SPOT_INTERRUPTION',
    options: ['terminate', 'stop', 'hibernate'],
  },
  blockDurationMinutes: {
    type: 'int',
    help: 'taken, and told that EC2 has it no more',
    env: 'MACHINE_AMAZONEC2_BLOCK_DURATION_MINUTES',
  },
} as const

export const diskFlags = {
  deviceName: { type: 'string', help: "device of the root volume (the image's)", env: 'AWS_DEVICE_NAME' },
  rootSize: { type: 'int', help: 'size of the root volume in GB (16)', env: 'AWS_ROOT_SIZE' },
  volumeType: { type: 'string', help: 'type of the root volume (gp3)', env: 'AWS_VOLUME_TYPE' },
  volumeIops: { type: 'int', help: 'operations a second of the root volume', env: 'MACHINE_AMAZONEC2_VOLUME_IOPS' },
  volumeThroughput: {
    type: 'int',
    help: 'throughput of a gp3 root volume in MiB/s',
    env: 'MACHINE_AMAZONEC2_VOLUME_THROUGHPUT',
  },
  volumeEncrypted: {
    type: 'bool',
    help: 'encrypt the root volume and those of --amazonec2-block-device-mapping',
    env: 'MACHINE_AMAZONEC2_VOLUME_ENCRYPTED',
    envAliases: ['AWS_ENCRYPT_EBS_VOLUME'],
    aliases: ['amazonec2-encrypt-ebs-volume'],
    default: true,
  },
  volumeKmsKey: {
    type: 'string',
    help: "KMS key to encrypt with (the account's for EBS)",
    env: 'AWS_VOLUME_KMS_KEY',
    envAliases: ['AWS_KMS_KEY'],
    aliases: ['amazonec2-kms-key'],
  },
  blockDeviceMapping: {
    type: 'list',
    help: 'further volume: /dev/sdf=100:gp3, or as DeviceName=/dev/sdf,VolumeSize=100,…',
  },
} as const

export const sshFlags = {
  sshPort: {
    type: 'int',
    help: 'port of the SSH server (22); another is set up through cloud-init',
    env: 'AWS_SSH_PORT',
  },
  sshUser: { type: 'string', help: "user to log in as (the image's)", env: 'AWS_SSH_USER' },
  sshKeypath: {
    type: 'string',
    help: 'private key to use instead of one made for the machine',
    env: 'AWS_SSH_KEYPATH',
    path: 'file',
  },
  keypairName: {
    type: 'string',
    help: 'key pair that is there already; needs --amazonec2-ssh-keypath',
    env: 'AWS_KEYPAIR_NAME',
  },
} as const
