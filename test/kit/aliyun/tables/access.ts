/** Parameters of the actions on key pairs, security groups and tags: pages of the documentation stand in each entry. */
import {
  anyCase,
  bool,
  bools,
  cidr,
  clientToken,
  coded,
  description,
  group,
  id,
  int,
  intText,
  jsonIds,
  jsonList,
  like,
  list,
  need,
  oneOf,
  type Parameters,
  pageNumber,
  pageSize,
  region,
  sized,
  table,
  tagFilter,
  tags,
  text,
  texts,
} from '../kinds.ts'
import { letterName } from './forms.ts'

const keyName = letterName('InvalidKeyPairName.Malformed')
const keyList: Parameters = {
  ...region,
  KeyPairName: need(text),
  InstanceIds: need(jsonIds(50, 'i')),
}

/** One rule, in both ways of giving it. */
const RULE: Parameters = {
  ...texts(
    'Ipv6DestCidrIp Ipv6SourceCidrIp SourceGroupOwnerAccount SourceGroupOwnerId SourcePrefixListId SourcePortRange',
  ),
  Description: sized(1, 512),
  DestCidrIp: cidr,
  IpProtocol: coded('InvalidIpProtocol.ValueNotSupported', anyCase('tcp', 'udp', 'icmp', 'icmpv6', 'gre', 'all')),
  NicType: coded('InvalidNicType.ValueNotSupported', oneOf('internet', 'intranet')),
  Policy: coded('InvalidPolicy.Malformed', anyCase('accept', 'drop')),
  PortRange: like(/^(-1\/-1|\d{1,5}\/\d{1,5})$/, 'InvalidParam.PortRange'),
  Priority: coded('InvalidPriority.ValueNotSupported', intText(1, 100)),
  SourceCidrIp: cidr,
  SourceGroupId: id('sg'),
}
const PERMISSIONS = list(100, group({ ...RULE, PortRangeListId: text }))
const GROUP: Parameters = { ...region, SecurityGroupId: need(id('sg')) }

const RESOURCE_TYPE = oneOf(
  ...'instance disk snapshot image securitygroup volume eni ddh ddhcluster keypair launchtemplate reservedinstance'.split(
    ' ',
  ),
  ...'snapshotpolicy elasticityassurance capacityreservation command invocation activation managedinstance'.split(' '),
)
const OLD_TAG: Parameters = { ...region, ResourceType: need(RESOURCE_TYPE), ResourceId: need(text) }

export const access = table('Ecs', '2014-05-26', {
  ImportKeyPair: {
    ...region,
    KeyPairName: need(keyName),
    PublicKeyBody: need(text),
    ResourceGroupId: text,
    Tag: tags,
  },
  CreateKeyPair: { ...region, KeyPairName: need(keyName), ResourceGroupId: text, Tag: tags },
  AttachKeyPair: keyList,
  DetachKeyPair: keyList,
  DescribeKeyPairs: {
    ...region,
    ...texts('KeyPairFingerPrint KeyPairName ResourceGroupId'),
    IncludePublicKey: bool,
    PageNumber: pageNumber,
    PageSize: int(1, 50),
    Tag: tagFilter,
  },
  DeleteKeyPairs: {
    ...region,
    KeyPairNames: need(coded('InvalidKeyPairNames.ValueNotSupported', jsonList(100))),
  },
  CreateSecurityGroup: {
    ...region,
    ClientToken: clientToken,
    Description: description,
    ResourceGroupId: text,
    SecurityGroupName: letterName('InvalidSecurityGroupName.Malformed'),
    SecurityGroupType: oneOf('normal', 'enterprise'),
    ServiceManaged: bool,
    Tag: tags,
    VpcId: id('vpc'),
  },
  DescribeSecurityGroups: {
    ...region,
    ...bools('DryRun FuzzyQuery IsQueryEcsCount ServiceManaged'),
    MaxResults: int(1, 100),
    NetworkType: oneOf('vpc', 'classic'),
    NextToken: text,
    PageNumber: pageNumber,
    PageSize: pageSize,
    ResourceGroupId: text,
    SecurityGroupId: id('sg'),
    SecurityGroupIds: jsonIds(100, 'sg'),
    SecurityGroupName: text,
    SecurityGroupType: oneOf('normal', 'enterprise'),
    Tag: tagFilter,
    VpcId: id('vpc'),
  },
  DescribeSecurityGroupAttribute: {
    ...GROUP,
    Attribute: text,
    Direction: oneOf('egress', 'ingress', 'all'),
    MaxResults: int(1, 1000),
    NextToken: text,
    NicType: oneOf('internet', 'intranet'),
  },
  AuthorizeSecurityGroup: { ...GROUP, ...RULE, ClientToken: clientToken, Permissions: PERMISSIONS },
  RevokeSecurityGroup: {
    ...GROUP,
    ...RULE,
    ClientToken: clientToken,
    Permissions: PERMISSIONS,
    SecurityGroupRuleId: list(100, id('sgr')),
  },
  DeleteSecurityGroup: GROUP,
  TagResources: {
    ...region,
    ResourceType: need(RESOURCE_TYPE),
    ResourceId: need(list(50)),
    Tag: need(tags),
  },
  UntagResources: {
    ...region,
    ResourceType: need(RESOURCE_TYPE),
    ResourceId: need(list(50)),
    All: bool,
    TagKey: list(20),
  },
  ListTagResources: {
    ...region,
    ResourceType: need(RESOURCE_TYPE),
    NextToken: text,
    ResourceId: list(50),
    Tag: tagFilter,
    TagFilter: list(20, group({ TagKey: text, TagValues: list(20) })),
  },
  AddTags: { ...OLD_TAG, Tag: need(tags) },
  RemoveTags: { ...OLD_TAG, Tag: tagFilter },
  DescribeTags: {
    ...region,
    Category: text,
    PageNumber: pageNumber,
    PageSize: pageSize,
    ResourceId: text,
    ResourceType: RESOURCE_TYPE,
    Tag: tagFilter,
  },
})
