/** Alibaba Cloud's texts as it sends them, and what becomes of each. */
import { expect, test } from '@jest/globals'
import { EcsFailure } from '../../../../drivers/aliyunecs/failure.ts'
import { isGone, problemOf } from '../../../../drivers/aliyunecs/problems.ts'
import { providerCode, wasRefused } from '../../../../drivers/cloud/failure.ts'

const where = { region: 'cn-qingdao', host: 'ecs.cn-qingdao.aliyuncs.com', source: 'profile work', profile: 'work' }

function told(code: string, message: string, { action = 'RunInstances', status = 400, ahead = 0 } = {}) {
  const failure = new EcsFailure(action, { code, message, status, requestId: 'B1B2-C3', clockAheadMs: ahead })
  return problemOf(failure, where)
}

test.each([
  [
    'InvalidAccessKeyId.NotFound',
    'Specified access key is not found.',
    'ECS_CREDENTIALS',
    'Alibaba Cloud does not know this AccessKey ID (profile work)',
  ],
  [
    'InvalidAccessKeyId.Inactive',
    'Specified access key is disabled.',
    'ECS_CREDENTIALS',
    'the AccessKey (profile work) is switched off',
  ],
  [
    'SignatureDoesNotMatch',
    'Specified signature is not matched with our calculation.',
    'ECS_CREDENTIALS',
    'the AccessKey secret does not belong to the AccessKey ID (profile work)',
  ],
  [
    'IncompleteSignature',
    'The request signature does not conform to Aliyun standards.',
    'ECS_CREDENTIALS',
    'the AccessKey secret does not belong to the AccessKey ID (profile work)',
  ],
  [
    'InvalidSecurityToken.Expired',
    'Specified SecurityToken is expired.',
    'ECS_CREDENTIALS',
    'the temporary keys (profile work) have expired',
  ],
  [
    'InvalidSecurityToken.Malformed',
    'Specified SecurityToken is malformed.',
    'ECS_CREDENTIALS',
    'the STS token (profile work) does not belong to its AccessKey',
  ],
  [
    'Forbidden.RAM',
    "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    'ECS_PERMISSION',
    'this AccessKey is not allowed to call ecs:RunInstances',
  ],
  [
    'RealNameAuthenticationError',
    'Your account has not passed the real-name authentication yet.',
    'ECS_ACCOUNT',
    'the account has not proved its name, without which nothing can be bought in China',
  ],
  [
    'InvalidAccountStatus.NotEnoughBalance',
    'Your account does not have enough balance.',
    'ECS_ACCOUNT',
    "the account's balance is not enough: pay-as-you-go instances ask for 100 CNY or the like",
  ],
  [
    'InvalidRegionId.NotFound',
    'The specified RegionId does not exist.',
    'ECS_NOT_FOUND',
    'there is no region cn-qingdao, or it is closed to this account',
  ],
  [
    'Throttling',
    'Request was denied due to request throttling.',
    'ECS_THROTTLED',
    'Alibaba Cloud takes no more calls of RunInstances from this account for the moment',
  ],
  [
    'Throttling.User',
    'Request was denied due to user flow control.',
    'ECS_THROTTLED',
    'Alibaba Cloud takes no more calls of RunInstances from this account for the moment',
  ],
  [
    'OperationDenied.NoStock',
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    'ECS_CAPACITY',
    'the zone has no instance of this type and kind left',
  ],
  [
    'Zone.NotOnSale',
    'The specified zone is not available for purchase.',
    'ECS_CAPACITY',
    'the zone does not sell this type, or is closed to this account',
  ],
  [
    'InvalidResourceType.NotSupported',
    'This resource type is not supported; please try other resource types.',
    'ECS_CAPACITY',
    'the zone does not sell this type, or is closed to this account',
  ],
  [
    'InvalidInstanceType.ValueNotSupported',
    'The specified InstanceType does not exist or beyond the permitted range.',
    'ECS_CAPACITY',
    'the instance type is not to be had in this zone of cn-qingdao, or not with these disks',
  ],
  [
    'InvalidInstanceType.NotFound',
    'The specified InstanceType does not exist.',
    'ECS_NOT_FOUND',
    'the instance type is not there in region cn-qingdao',
  ],
  [
    'QuotaExceed.ElasticQuota',
    'No additional quota is available for the specified ECS instance type.',
    'ECS_QUOTA',
    'the account may have no more instances or vCPUs of this kind in cn-qingdao',
  ],
  [
    'QuotaExceed.AfterpayInstance',
    'Living afterpay instances quota exceeded.',
    'ECS_QUOTA',
    'the account may have no more instances or vCPUs of this kind in cn-qingdao',
  ],
  [
    'QuotaExceeded.Eip',
    'Elastic IP address quota exceeded',
    'ECS_QUOTA',
    'the account may have no more elastic addresses in cn-qingdao',
  ],
  [
    'QuotaExceeded.Vpc',
    'VPC quota exceeded.',
    'ECS_QUOTA',
    'the account may have no more VPCs or vSwitches in cn-qingdao',
  ],
  [
    'InvalidVSwitchId.NotFound',
    'The specified VSwitchId does not exist.',
    'ECS_NOT_FOUND',
    'the vSwitch is not there in region cn-qingdao',
  ],
  [
    'InvalidVSwitchId.IpNotEnough',
    'The specified VSwitch "vsw-bp1s5fnvk4gn2tws03624" has not enough IpAddress.',
    'ECS_CAPACITY',
    'the vSwitch vsw-bp1s5fnvk4gn2tws03624 has no free address left',
  ],
  [
    'InvalidImageId.NotFound',
    'The specified ImageId does not exist.',
    'ECS_NOT_FOUND',
    'the image is not there in region cn-qingdao',
  ],
  [
    'InvalidSecurityGroupId.NotFound',
    'The specified SecurityGroupId does not exist.',
    'ECS_NOT_FOUND',
    'the security group is not there in region cn-qingdao',
  ],
  [
    'InvalidKeyPair.NotFound',
    'The specified KeyPairName does not exist in our records.',
    'ECS_NOT_FOUND',
    'the key pair is not there in region cn-qingdao',
  ],
  [
    'InvalidRamRole.NotEcsRole',
    'The specified ram role is not authorized for ecs, please check your role policy.',
    'ECS_NOT_FOUND',
    'the RAM role cannot be used: The specified ram role is not authorized for ecs, please check your role policy',
  ],
  [
    'InvalidSystemDiskCategory.ValueNotSupported',
    'The specified parameter SystemDisk.Category is not valid.',
    'ECS_REFUSED',
    'the disks asked for cannot be had with this type: The specified parameter SystemDisk.Category is not valid',
  ],
  [
    'IncorrectInstanceStatus',
    'The current status of the resource does not support this operation.',
    'ECS_CONFLICT',
    'it is in no state for RunInstances',
  ],
  [
    'DependencyViolation',
    'There is still instance(s) in the specified security group.',
    'ECS_CONFLICT',
    'it is still in use',
  ],
  ['KeyPair.AlreadyExist', 'The key pair already exist.', 'ECS_CONFLICT', 'this is there already'],
  [
    'IdempotentParameterMismatch',
    'The request uses a client token in a previous request but is not identical to that request.',
    'ECS_CONFLICT',
    'something was made under this token with other settings',
  ],
  [
    'InvalidParameter',
    'The specified parameter "DataDisk.1.Size" is not valid.',
    'ECS_REFUSED',
    'Alibaba Cloud does not take this (RunInstances, InvalidParameter): The specified parameter "DataDisk.1.Size" is not valid',
  ],
])('%s', (code, message, kind, text) => {
  const error = told(code, message)
  expect([error.code, error.message]).toEqual([kind, `${text} (RequestId B1B2-C3)`])
  expect(error.suggestions.length).toBeGreaterThan(0)
  expect(providerCode(error)).toBe(code)
})

test.each([
  ['ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', 503],
  ['InternalError', 'The request processing has failed due to some unknown error, exception or failure.', 500],
])('%s is their trouble', (code, message, status) => {
  expect(told(code, message, { status }).message).toBe(
    'Alibaba Cloud in cn-qingdao failed at RunInstances (RequestId B1B2-C3)',
  )
})

test('the permission that is missing is named, of another product too', () => {
  expect(told('Forbidden.RAM', 'x', { action: 'AllocateEipAddress' }).message).toMatch(
    /^this AccessKey is not allowed to call vpc:AllocateEipAddress/,
  )
  const passRole = 'You are not authorized to do this action. You should be authorized by RAM: ram:PassRole.'
  expect(told('NoPermission', passRole).message).toMatch(/^this AccessKey is not allowed to call ram:PassRole/)
})

test('a clock that is wrong is told by how much; where it is right, the signature is what is wrong', () => {
  const expired = 'Specified time stamp or date value is expired.'
  expect(told('InvalidTimeStamp.Expired', expired, { ahead: 20 * 60_000 })).toMatchObject({
    code: 'ECS_CLOCK',
    message: expect.stringContaining("the clock of this computer is 20 minutes behind Alibaba Cloud's"),
  })
  expect(told('SignatureDoesNotMatch', 'x', { ahead: -3 * 3_600_000 }).message).toContain('3 hours ahead of')
  expect(told('InvalidTimeStamp.Expired', expired).code).toBe('ECS_CREDENTIALS')
})

test('no answer at all', () => {
  const unanswered = (code: string, message: string) =>
    problemOf(
      new EcsFailure('DescribeVpcs', {
        code,
        message,
        status: undefined,
        requestId: undefined,
        clockAheadMs: undefined,
      }),
      where,
    )
  expect(unanswered('ENOTFOUND', 'getaddrinfo ENOTFOUND x').message).toBe(
    'the name ecs.cn-qingdao.aliyuncs.com is not known here',
  )
  expect(unanswered('TimeoutError', 'x').message).toBe(
    'ecs.cn-qingdao.aliyuncs.com did not answer DescribeVpcs in time',
  )
  expect(unanswered('Odd', 'it broke.').message).toBe(
    'Alibaba Cloud cannot be asked at ecs.cn-qingdao.aliyuncs.com (DescribeVpcs): it broke',
  )
  expect(wasRefused(unanswered('Odd', 'x'))).toBe(false)
  expect(wasRefused(told('OperationDenied.NoStock', 'x'))).toBe(true)
  expect(wasRefused(told('InternalError', 'x', { status: 500 }))).toBe(false)
})

test('a code nobody knows is told as it is', () => {
  expect(told('Brand.New', 'Something new happened.').message).toBe(
    'Alibaba Cloud answers Brand.New to RunInstances: Something new happened (RequestId B1B2-C3)',
  )
})

test.each([
  ['InvalidInstanceId.NotFound', true],
  ['Forbidden.InstanceNotFound', true],
  ['InvalidAllocationId.NotFound', true],
  ['InvalidSecurityGroupId.NotFound', true],
  ['InvalidAccessKeyId.NotFound', false],
  ['InvalidRegionId.NotFound', false],
  ['InvalidAction.NotFound', false],
  ['EntityNotExist.Role', false],
  ['DependencyViolation', false],
  ['Forbidden.RAM', false],
])('gone: %s', (code, gone) => {
  expect(isGone(told(code, 'x'))).toBe(gone)
})
