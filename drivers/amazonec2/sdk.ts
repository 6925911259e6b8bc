/**
 * The only file that imports the AWS client, and only the commands we send: the build leaves out the other seven hundred.
 * Load it with `await import`, it takes a tenth of a second.
 */
import {
  AuthorizeSecurityGroupIngressCommand,
  CancelSpotInstanceRequestsCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  ImportKeyPairCommand,
  ModifyInstanceAttributeCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'

export { EC2Client } from '@aws-sdk/client-ec2'
export { fromIni } from '@aws-sdk/credential-provider-ini'
export { defaultProvider } from '@aws-sdk/credential-provider-node'
export { parseKnownFiles } from '@smithy/core/config'

/** One entry an action of actions.ts; the types of `Ec2.call` come from here. */
export const commands = {
  AuthorizeSecurityGroupIngress: AuthorizeSecurityGroupIngressCommand,
  CancelSpotInstanceRequests: CancelSpotInstanceRequestsCommand,
  CreateSecurityGroup: CreateSecurityGroupCommand,
  CreateTags: CreateTagsCommand,
  DeleteKeyPair: DeleteKeyPairCommand,
  DeleteSecurityGroup: DeleteSecurityGroupCommand,
  DeleteVolume: DeleteVolumeCommand,
  DescribeImages: DescribeImagesCommand,
  DescribeInstances: DescribeInstancesCommand,
  DescribeInstanceTypes: DescribeInstanceTypesCommand,
  DescribeKeyPairs: DescribeKeyPairsCommand,
  DescribeLaunchTemplateVersions: DescribeLaunchTemplateVersionsCommand,
  DescribeRegions: DescribeRegionsCommand,
  DescribeSecurityGroups: DescribeSecurityGroupsCommand,
  DescribeSpotInstanceRequests: DescribeSpotInstanceRequestsCommand,
  DescribeSubnets: DescribeSubnetsCommand,
  DescribeVolumes: DescribeVolumesCommand,
  DescribeVpcs: DescribeVpcsCommand,
  ImportKeyPair: ImportKeyPairCommand,
  ModifyInstanceAttribute: ModifyInstanceAttributeCommand,
  RebootInstances: RebootInstancesCommand,
  RunInstances: RunInstancesCommand,
  StartInstances: StartInstancesCommand,
  StopInstances: StopInstancesCommand,
  TerminateInstances: TerminateInstancesCommand,
}
