/** What was named and is not there, is there already, or is no such thing. Alibaba Cloud's own words stand in the test. */
import { isIPv4 } from 'node:net'
import { called } from '../cloud/problem.ts'
import { namedIn, type Problem } from './problem.ts'

/** What is not found: the code's beginning, what to call it, where its name comes from. */
const MISSING: readonly (readonly [RegExp, string, string])[] = [
  [
    /^(InvalidImageId|InvalidImage|InvalidImageFamily|ImageFamily)\b/,
    'the image',
    'check --aliyunecs-image-id, ids are rotated away; or leave it out for the newest',
  ],
  [
    /^InvalidV[Ss]witchId|^InvalidVSwitch/,
    'the vSwitch',
    'check --aliyunecs-vswitch-id: `aliyun vpc DescribeVSwitches` lists those of the region',
  ],
  [
    /^InvalidVpc(ID|Id)?\b|^Forbidden\.VpcNotFound/,
    'the VPC',
    'check --aliyunecs-vpc-id: `aliyun vpc DescribeVpcs` lists those of the region',
  ],
  [
    /^InvalidSecurityGroupId|^InvalidSecurityGroup\b/,
    'the security group',
    'check --aliyunecs-security-group, and that it is in the same VPC',
  ],
  [
    /^InvalidKeyPair(Name)?\.NotFound/,
    'the key pair',
    'check --aliyunecs-ssh-keypair: `aliyun ecs DescribeKeyPairs` lists those of the region',
  ],
  [
    /^InvalidInstanceId|^Forbidden\.InstanceNotFound/,
    'the instance',
    'somebody else may have removed it: `rm` forgets the machine',
  ],
  [
    /^InvalidInstanceTypes?\b/,
    'the instance type',
    'check --aliyunecs-instance-type: `aliyun ecs DescribeAvailableResource` lists those of a zone',
  ],
  [
    /^InvalidZoneId|^InvalidZone\b/,
    'the zone',
    'check --aliyunecs-zone: `aliyun ecs DescribeZones` lists those of the region',
  ],
  [/^InvalidAllocationId|^InvalidEip/, 'the elastic address', 'somebody else may have released it'],
  [
    /^InvalidLoadBalancerId/,
    'the load balancer',
    'check --aliyunecs-slb-id: `aliyun slb DescribeLoadBalancers` lists those of the region',
  ],
  [/^InvalidResourceGroup/, 'the resource group', 'check --aliyunecs-resource-group-id'],
  [
    /^(InvalidRamRole|InvalidRAMRole|InvalidUser\.PassRole|RamRole)/,
    'the RAM role',
    'check --aliyunecs-ram-role: it must trust ECS, and ram:PassRole be allowed',
  ],
  [/^InvalidRouteTableId|^InvalidRouteEntry/, 'the route', 'somebody else may have removed it'],
]

const missing: readonly Problem[] = MISSING.map(([when, what, remedy]) => ({
  when,
  code: 'ECS_NOT_FOUND',
  tell: (f, { region }) =>
    /NotFound|NotExist|^InvalidAllocationId/i.test(f.code)
      ? `${called(what, namedIn(f.message))} is not there in region ${region}`
      : `${called(what, namedIn(f.message))} cannot be used: ${f.message.replace(/\.$/, '')}`,
  hints: () => [remedy],
}))

const states: readonly Problem[] = [
  {
    when: /^(IncorrectInstanceStatus|IncorrectStatus|InvalidStatus|IncorrectEipStatus|IncorrectVpcStatus|IncorrectVSwitchStatus|IncorrectRouteEntryStatus)/,
    code: 'ECS_CONFLICT',
    tell: ({ message, action }) => `${called('it', namedIn(message))} is in no state for ${action}`,
    hints: () => ['it may be on its way from one state to another: try again in a minute'],
  },
  {
    when: /^(OperationConflict|InvalidOperation\.Conflict|TaskConflict|LastTokenProcessing|IdempotentProcessing)/,
    code: 'ECS_CONFLICT',
    tell: ({ action }) => `something else is being done to it, so ${action} has to wait`,
    hints: () => ['try again in a minute'],
  },
  {
    when: /^DependencyViolation|InUse$|^InvalidOperation\.KeyPair|Key[Pp]airAlreadyAttached/,
    code: 'ECS_CONFLICT',
    tell: f => `${called('it is still in use:', namedIn(f.message)).replace(/:$/, '')}`,
    hints: () => ['it can go when what uses it is gone'],
  },
  {
    when: /^(KeyPair\.AlreadyExist|.*\.Duplicate|.*AlreadyExist(ed|s)?)$/,
    code: 'ECS_CONFLICT',
    tell: f => `${called('this is there already:', namedIn(f.message)).replace(/:$/, '')}`,
    hints: () => ['another create may have made it just now: try again'],
  },
  {
    when: /^IdempotentParameterMismatch/,
    code: 'ECS_CONFLICT',
    tell: () => 'something was made under this token with other settings',
    hints: () => ['`rm` the machine and create it anew'],
  },
  {
    when: /^(OperationDenied|InvalidOperation)\.?DeletionProtection|DeletionProtection/,
    code: 'ECS_CONFLICT',
    tell: f => `${called('the instance', namedIn(f.message))} is protected against being released`,
    hints: () => ['lift that in the console first'],
  },
]

const values: readonly Problem[] = [
  {
    when: /^(InvalidSystemDiskCategory|InvalidDataDiskCategory|InvalidDiskCategory|InvalidParameter\.DiskCategory|InvalidSystemDisk(Size)?|InvalidDataDiskSize|InvalidDiskSize)/,
    code: 'ECS_REFUSED',
    tell: f => `the disks asked for cannot be had with this type: ${f.message.replace(/\.$/, '')}`,
    hints: () => [
      'leave --aliyunecs-system-disk-category and --aliyunecs-disk-category out: then it is what the type has',
    ],
  },
  {
    when: /^(InvalidPublicKeyBody|InvalidKeyPair\w*\.(Malformed|Invalid)|InvalidPublicKey)/,
    code: 'ECS_REFUSED',
    tell: () => 'Alibaba Cloud takes this public key for none: it wants RSA',
    hints: () => ['give an RSA key with --aliyunecs-ssh-keypath, or leave it out'],
  },
  {
    when: /^InvalidUserData/,
    code: 'ECS_REFUSED',
    tell: f => `the user data is not taken: ${f.message.replace(/\.$/, '')}`,
    hints: () => ['it has 32 KB at most: check --aliyunecs-userdata'],
  },
  {
    when: /^InvalidPrivateIpAddress/,
    code: 'ECS_REFUSED',
    tell: (_, __, said) => `${called('the private address', isIPv4(said) ? said : '')} is taken, or not in the vSwitch`,
    hints: () => ['check --aliyunecs-private-ip, or leave it out'],
  },
]

/** Whatever else is no such value: the provider's own words say which. */
const anyOther: Problem = {
  when: /^(Invalid|Missing|Unsupported|Malformed|Illegal|IncorrectParameter|Forbidden|OperationDenied)/,
  code: 'ECS_REFUSED',
  tell: f => `Alibaba Cloud does not take this (${f.action}, ${f.code}): ${f.message.replace(/\.$/, '')}`,
  hints: () => ['change the flag that this is about, or leave it out'],
}

export const VALUE_PROBLEMS: readonly Problem[] = [...values, ...states, ...missing, anyOther]
