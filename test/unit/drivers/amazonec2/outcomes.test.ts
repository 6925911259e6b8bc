/** What is still worth a try after a refusal. */
import { expect, test } from '@jest/globals'
import { Ec2Failure } from '../../../../drivers/amazonec2/failure.ts'
import { isRefusal, worthTrying } from '../../../../drivers/amazonec2/outcomes.ts'
import { problemOf } from '../../../../drivers/amazonec2/problems.ts'

const refusal = (code: string) => {
  const failure = { code, message: 'no', status: 400, requestId: undefined, clockAheadMs: undefined }
  return problemOf(new Ec2Failure('RunInstances', failure), { region: 'eu-central-1', host: '', source: '' })
}
const [small, elsewhere, large] = ['t3.small', 't3.small', 'm5.large'].map((name, zone) => ({ type: { name }, zone }))
const left = (code: string) =>
  worthTrying(
    refusal(code),
    [small, elsewhere, large].filter(each => each !== undefined),
  )

test('no room, and too low a price: every other zone and type', () => {
  for (const code of [
    'InsufficientInstanceCapacity',
    'Unsupported',
    'SpotMaxPriceTooLow',
    'InsufficientFreeAddressesInSubnet',
  ])
    expect([code, left(code)]).toEqual([code, code === 'Unsupported' ? [] : [elsewhere, large]])
})

test('a quota is the region’s: other types alone', () => {
  for (const code of ['VcpuLimitExceeded', 'MaxSpotInstanceCountExceeded']) expect(left(code)).toEqual([large])
})

test('anything else: nothing', () => {
  expect(left('AuthFailure')).toEqual([])
})

test('a no of EC2’s is an answer; what may have had its effect is none', () => {
  const said = (code: string, status: number | undefined) =>
    isRefusal(
      problemOf(
        new Ec2Failure('RunInstances', { code, message: 'no', status, requestId: undefined, clockAheadMs: undefined }),
        {
          region: 'eu-central-1',
          host: '',
          source: '',
        },
      ),
    )
  expect([
    said('InsufficientInstanceCapacity', 500),
    said('AuthFailure', 401),
    said('InvalidGroup.NotFound', 400),
  ]).toEqual([true, true, true])
  expect([
    said('InternalError', 500),
    said('Unknown', 502),
    said('RequestLimitExceeded', 503),
    said('ECONNRESET', undefined),
  ]).toEqual([false, false, false, false])
})
