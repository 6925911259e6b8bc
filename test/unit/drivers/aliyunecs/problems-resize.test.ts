/** Alibaba Cloud's texts to ModifyInstanceSpec as its documentation has them, and what becomes of each. */
import { expect, test } from '@jest/globals'
import { EcsFailure } from '../../../../drivers/aliyunecs/failure.ts'
import { problemOf } from '../../../../drivers/aliyunecs/problems.ts'

const where = { region: 'cn-qingdao', host: 'ecs.cn-qingdao.aliyuncs.com', source: 'profile work' }

test.each([
  [
    'ChargeTypeViolation',
    'The operation is not permitted due to charge type of the instance.',
    'ECS_REFUSED',
    'the way the instance is paid for does not let its type change',
  ],
  [
    'CategoryViolation',
    'The specified instance does not support this operation because of its disk category.',
    'ECS_REFUSED',
    'the instance has local disks, whose data no other type has',
  ],
  [
    'DependencyViolation.InstanceType',
    'The current InstanceType cannot be changed to the specified InstanceType.',
    'ECS_REFUSED',
    'ECS does not change an instance of its type into this one',
  ],
  [
    'ImageNotSupportInstanceType',
    'The specified image do not support the InstanceType instance.',
    'ECS_REFUSED',
    'the image of the instance does not run on this type',
  ],
  [
    'Downgrade.NotSupported',
    'Downgrade operation is not supported.',
    'ECS_REFUSED',
    'ECS gives the instance no smaller type',
  ],
  ['InstanceType.Offline', 'The specified InstanceType has been offline', 'ECS_REFUSED', 'ECS sells this type no more'],
  [
    'InvalidAction.NotSupport',
    'The ecs on dedicatedHost not support modify instanceType.',
    'ECS_REFUSED',
    'the instance is on a dedicated host, where its type does not change',
  ],
  [
    'InvalidInstance.EipNotSupport',
    'The specified instance with eip is not supported, please unassociate eip first.',
    'ECS_REFUSED',
    'this type does not go with the elastic address of the instance',
  ],
  [
    'InvalidInstanceStatus.NotStopped',
    'The specified Instance status is not stopped.',
    'ECS_CONFLICT',
    'the instance is not stopped',
  ],
  [
    'OperationDenied.NoStock',
    'The resource is out of usage.',
    'ECS_CAPACITY',
    'the zone has no instance of this type and kind left',
  ],
  [
    'Account.Arrearage',
    'Your account has an outstanding payment.',
    'ECS_ACCOUNT',
    "the account's balance is not enough: pay-as-you-go instances ask for 100 CNY or the like",
  ],
])('%s', (code, message, kind, text) => {
  const told = problemOf(new EcsFailure('ModifyInstanceSpec', { code, message, status: 403 }), where)
  expect([told.code, told.message]).toEqual([kind, text])
  expect(told.suggestions.length).toBeGreaterThan(0)
})

test('the action itself, where it is not known, is still told as such', () => {
  const told = problemOf(
    new EcsFailure('ModifyInstanceSpec', {
      code: 'InvalidAction.NotFound',
      message: 'Specified api is not found',
      status: 404,
    }),
    where,
  )
  expect(told.message).toContain('does not know ModifyInstanceSpec')
})
