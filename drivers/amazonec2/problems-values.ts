/** What was named and is not there, is there already, or is no such thing. AWS's own words stand in the test. */
import { called } from '../cloud/problem.ts'
import { namedIn, type Problem } from './problem.ts'

/** What is not found: the code's beginning, what to call it, where its name comes from. */
const MISSING: readonly (readonly [RegExp, string, string])[] = [
  [
    /^InvalidAMIID\.|^InvalidImageID\./,
    'the image',
    'check --amazonec2-ami, ids differ from region to region; or leave it out',
  ],
  [
    /^InvalidSubnet(ID)?\./,
    'the subnet',
    'check --amazonec2-subnet-id: aws ec2 describe-subnets lists those of the region',
  ],
  [/^InvalidVpcID\./, 'the VPC', 'check --amazonec2-vpc-id: aws ec2 describe-vpcs lists those of the region'],
  [
    /^InvalidGroup(Id)?\.(NotFound|Malformed)|^InvalidSecurityGroupID\./,
    'the security group',
    'check --amazonec2-security-group, and that it is in the same VPC',
  ],
  [
    /^InvalidKeyPair\.NotFound/,
    'the key pair',
    'check --amazonec2-keypair-name: aws ec2 describe-key-pairs lists those of the region',
  ],
  [/^InvalidInstanceID\./, 'the instance', 'somebody else may have removed it: `rm` forgets the machine'],
  [/^InvalidVolume(ID)?\./, 'the volume', 'somebody else may have removed it'],
  [
    /^InvalidSnapshot\./,
    'the snapshot',
    'check --amazonec2-ami and --amazonec2-block-device: an image whose snapshot is gone cannot boot',
  ],
  [
    /^InvalidLaunchTemplate(Id|Name)\.|^InvalidLaunchTemplateId\.VersionNotFound/,
    'the launch template',
    'check --amazonec2-launch-template: aws ec2 describe-launch-templates lists those of the region',
  ],
  [/^InvalidPlacementGroup\./, 'the placement group', 'check --amazonec2-placement-group'],
  [/^InvalidSpotInstanceRequestID\./, 'the spot request', 'it may have ended: `rm` forgets the machine'],
  [
    /^InvalidZone\.|^InvalidAvailabilityZone/,
    'the zone',
    'check --amazonec2-zone: aws ec2 describe-availability-zones lists those of the region',
  ],
]

const missing: readonly Problem[] = MISSING.map(([when, what, remedy]) => ({
  when,
  code: 'EC2_NOT_FOUND',
  tell: ({ code, message }, { region }) =>
    /Malformed/.test(code)
      ? `${called(what, namedIn(message))} has an id that can be none`
      : `${called(what, namedIn(message))} is not there in region ${region}`,
  hints: () => [remedy],
}))

/** A value AWS does not take, told by its message. */
const values: readonly Problem[] = [
  {
    when: /^InvalidParameter/,
    says: /Invalid IAM Instance Profile/,
    code: 'EC2_NOT_FOUND',
    tell: f => `${called('the instance profile', /\(([^)]+)\)/.exec(f.message)?.[1] ?? '')} is not there`,
    hints: () => [
      'check --amazonec2-iam-instance-profile: it wants the profile, not the role (aws iam list-instance-profiles)',
    ],
  },
  {
    when: /^InvalidParameterValue$/,
    says: /Invalid availability zone: \[?([a-z0-9-]+)/i,
    code: 'EC2_NOT_FOUND',
    tell: (_, { region }, zone) => `region ${region} has no zone ${zone}`,
    hints: () => ['check --amazonec2-zone: aws ec2 describe-availability-zones lists those of the region'],
  },
  {
    when: /^(InvalidParameterValue|InvalidInstanceType)$/,
    says: /Invalid value '([^']+)' for InstanceType|instance types do not exist: \[([^\]]+)/,
    code: 'EC2_NOT_FOUND',
    tell: (_, { region }, type) => `there is no instance type ${type} in region ${region}`,
    hints: () => [
      'check --amazonec2-instance-type: aws ec2 describe-instance-type-offerings lists those of the region',
    ],
  },
  {
    when: /^InvalidParameter/,
    says: /architecture '([^']+)' of the specified AMI/,
    code: 'EC2_REFUSED',
    tell: (_, __, cpu) => `the image is for ${cpu}, and the instance type is not`,
    hints: () => ['leave --amazonec2-ami out, or take a type of that CPU: t3 has x86_64, t4g has arm64'],
  },
  {
    when: /^(InvalidBlockDeviceMapping|InvalidParameter\w*)$/,
    says: /smaller than snapshot '?[^,']+'?, expect size ?>= ?(\d+) ?GB/,
    code: 'EC2_REFUSED',
    tell: (_, __, size) => `the image needs a root volume of ${size} GB or more`,
    hints: (_, __, size) => [`give --amazonec2-root-size ${size} or more`],
  },
  {
    when: /^InvalidParameter|^InvalidUserData/,
    says: /User data is limited to (\d+)/i,
    code: 'EC2_REFUSED',
    tell: (_, __, size) => `the user data is larger than the ${size} bytes EC2 takes`,
    hints: () => ['make the file of --amazonec2-userdata smaller, or let it fetch the rest'],
  },
  {
    when: /^InvalidKey\.Format$/,
    code: 'EC2_REFUSED',
    tell: () => 'EC2 takes this public key for none of OpenSSH',
    hints: () => ['give an RSA or ed25519 key with --amazonec2-ssh-keypath, or leave it out'],
  },
  {
    when: /KMS|^Kms/i,
    code: 'EC2_REFUSED',
    tell: () => 'the volume cannot be encrypted with this KMS key',
    hints: () => [
      'check --amazonec2-volume-kms-key: it must be enabled, in this region, and yours to use (kms:CreateGrant, kms:GenerateDataKey…)',
    ],
  },
  {
    when: /^InvalidParameter/,
    says: /kms/i,
    code: 'EC2_REFUSED',
    tell: () => 'the volume cannot be encrypted with this KMS key',
    hints: () => ['check --amazonec2-volume-kms-key: the id, ARN or alias of a key of this region'],
  },
]

const states: readonly Problem[] = [
  {
    when: /^(VPCIdNotSpecified|DefaultVpcDoesNotExist|MissingDefaultVpc)$/,
    code: 'EC2_NOT_FOUND',
    tell: (_, { region }) => `the account has no default VPC in region ${region}`,
    hints: () => ['make one: aws ec2 create-default-vpc; or name one with --amazonec2-vpc-id or --amazonec2-subnet-id'],
  },
  {
    when: /^Invalid(Group|KeyPair|Permission)\.Duplicate$/,
    code: 'EC2_CONFLICT',
    tell: f =>
      `${{ G: 'a security group', K: 'a key pair', P: 'a rule' }[f.code.charAt(7)]} like this is there already`,
    hints: () => ['another create may have made it just now: try again'],
  },
  {
    when: /^(DependencyViolation|InvalidGroup\.InUse)$/,
    code: 'EC2_CONFLICT',
    tell: f => `${called('it is still in use:', namedIn(f.message)).replace(/:$/, '')}`,
    hints: () => ['an instance or interface has it: it can go when that is gone'],
  },
  {
    when: /^(IncorrectInstanceState|IncorrectState|IncorrectSpotRequestState)$/,
    code: 'EC2_CONFLICT',
    tell: f => `${called('the instance', namedIn(f.message))} is in no state for that`,
    hints: () => ['it may be on its way from one state to another: try again in a minute'],
  },
  {
    when: /^OperationNotPermitted$/,
    says: /disableApi(Termination|Stop)/,
    code: 'EC2_CONFLICT',
    tell: f => `${called('the instance', namedIn(f.message))} is protected against that`,
    hints: (_, __, what) => [
      `lift it: aws ec2 modify-instance-attribute --no-disable-api-${what.toLowerCase()} --instance-id …`,
    ],
  },
  {
    when: /^IdempotentParameterMismatch$/,
    code: 'EC2_CONFLICT',
    tell: () => 'an instance was launched under this token with other settings',
    hints: () => ['`rm` the machine and create it anew'],
  },
]

/** Whatever else is no such value: AWS's own words say which. */
const anyOther: Problem = {
  when: /^(Invalid|Missing|Unsupported|Unknown(?!(Error)?$)|Malformed|Validation|Reserved|OperationNotPermitted)/,
  code: 'EC2_REFUSED',
  tell: f => `EC2 does not take this (${f.action}): ${f.message.replace(/\.$/, '')}`,
  hints: () => ['change the flag that this is about, or leave it out'],
}

export const VALUE_PROBLEMS: readonly Problem[] = [...values, ...states, ...missing, anyOther]
