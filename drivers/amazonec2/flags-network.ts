/** Where it is launched, and who reaches it. */
export const networkFlags = {
  vpcId: { type: 'string', help: 'VPC (the default one of the region)', env: 'AWS_VPC_ID' },
  zone: {
    type: 'string',
    help: 'availability zone, `a` or `us-east-1a`; several, parted by commas, are tried in this order (all)',
    env: 'AWS_ZONE',
  },
  subnetId: { type: 'string', help: 'subnet (the default one of the zone)', env: 'AWS_SUBNET_ID' },
  securityGroup: {
    type: 'list',
    help: 'security group, by name or id (docker-machine); made where a name is not there',
    env: 'AWS_SECURITY_GROUP',
  },
  securityGroupReadonly: {
    type: 'bool',
    help: 'make no security group and change none',
    env: 'AWS_SECURITY_GROUP_READONLY',
  },
  allowCidr: {
    type: 'list',
    help: 'who reaches SSH and the engine: ranges (CIDR), or auto, your public address (auto)',
    env: 'MACHINE_AMAZONEC2_ALLOW_CIDR',
  },
  checkUrl: {
    type: 'string',
    help: 'service that tells your public address',
    env: 'MACHINE_AMAZONEC2_CHECK_URL',
  },
  openPort: {
    type: 'list',
    help: 'port open to everybody: 80, 53/udp, 8000-8010/tcp',
    env: 'MACHINE_AMAZONEC2_OPEN_PORT',
  },
  privateAddressOnly: {
    type: 'bool',
    help: 'no public IPv4 address',
    env: 'MACHINE_AMAZONEC2_PRIVATE_ADDRESS_ONLY',
  },
  usePrivateAddress: {
    type: 'bool',
    help: 'reach it by its private address, also where it has a public one',
    env: 'MACHINE_AMAZONEC2_USE_PRIVATE_ADDRESS',
  },
  ipv6: { type: 'bool', help: 'an IPv6 address as well', env: 'MACHINE_AMAZONEC2_IPV6' },
  ipv6AddressCount: {
    type: 'int',
    help: 'how many IPv6 addresses (0; 1 with --amazonec2-ipv6)',
    env: 'AWS_IPV6_ADDRESS_COUNT',
  },
  ipv6AddressOnly: {
    type: 'bool',
    help: 'no public IPv4 address, and reached over IPv6',
    env: 'AWS_IPV6_ADDRESS_ONLY',
    aliases: ['amazonec2-ipv6-only'],
  },
  enablePrimaryIpv6: {
    type: 'bool',
    help: 'the first IPv6 address stays as long as the instance',
    env: 'AWS_ENABLE_PRIMARY_IPV6',
  },
} as const
