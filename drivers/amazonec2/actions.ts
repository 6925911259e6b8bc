/** Every EC2 action this driver calls, as data: what `Ec2.call` takes, and what the least IAM policy is made from. */
import type { commands } from './sdk.ts'

type Commands = typeof commands
export type Action = keyof Commands
/** What an action is asked with and answers, as the AWS client has it (`DryRun` is not yours to set: see `Ec2.allowed`). */
export type InputOf<A extends Action> = ConstructorParameters<Commands[A]>[0]
export type OutputOf<A extends Action> = Awaited<
  ReturnType<ReturnType<InstanceType<Commands[A]>['resolveMiddleware']>>
>['output']

/** What an action needs to be allowed on. IAM's words for kinds of resources: 'instance', 'key-pair'. */
export type Scope =
  /** Looks; IAM knows no resources there. */
  | { readonly on: 'everything' }
  /** Makes a thing of the first kind, which carries our tag from its first moment, and touches those of the others. */
  | { readonly on: 'made'; readonly kind: string; readonly uses: readonly string[] }
  /** Changes a thing that carries our tag. */
  | { readonly on: 'ours'; readonly kinds: readonly string[] }

const look: Scope = { on: 'everything' }
const ours = (...kinds: string[]): Scope => ({ on: 'ours', kinds })

export const ACTIONS: Readonly<Record<Action, Scope>> = {
  DescribeImages: look,
  DescribeInstanceTypes: look,
  DescribeInstances: look,
  DescribeKeyPairs: look,
  DescribeLaunchTemplateVersions: look,
  DescribeRegions: look,
  DescribeSecurityGroups: look,
  DescribeSpotInstanceRequests: look,
  DescribeSubnets: look,
  DescribeVolumes: look,
  DescribeVpcs: look,

  CreateSecurityGroup: { on: 'made', kind: 'security-group', uses: ['vpc'] },
  ImportKeyPair: { on: 'made', kind: 'key-pair', uses: [] },
  RunInstances: {
    on: 'made',
    kind: 'instance',
    uses: [
      'image',
      'key-pair',
      'launch-template',
      'network-interface',
      'placement-group',
      'security-group',
      'snapshot',
      'spot-instances-request',
      'subnet',
      'volume',
    ],
  },

  AuthorizeSecurityGroupIngress: ours('security-group'),
  CancelSpotInstanceRequests: ours('spot-instances-request'),
  CreateTags: ours('instance', 'volume'),
  DeleteKeyPair: ours('key-pair'),
  DeleteSecurityGroup: ours('security-group'),
  DeleteVolume: ours('volume'),
  ModifyInstanceAttribute: ours('instance'),
  RebootInstances: ours('instance'),
  StartInstances: ours('instance'),
  StopInstances: ours('instance'),
  TerminateInstances: ours('instance'),
}
