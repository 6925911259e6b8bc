/** Whose a thing is that carries the store's mark. */
import { expect, test } from '@jest/globals'
import { amazonec2 } from '../../../../drivers/amazonec2/index.ts'
import type { Ec2Marked } from '../../../../drivers/amazonec2/marked.ts'
import type { State } from '../../../../drivers/amazonec2/state.ts'
import { owns } from '../../../../drivers/amazonec2/sweep.ts'

const web = { MachineName: 'web', InstanceId: 'i-1', KeyName: 'web-key', SpotRequestId: 'sir-1' } as State
const thing = (kind: Ec2Marked['kind'], id: string, machine = 'web'): Ec2Marked => ({
  kind,
  id,
  place: 'eu-central-1',
  machine,
})

test.each([
  ['instance', 'i-1', true],
  ['instance', 'i-2', false],
  ['key pair', 'web-key', true],
  ['key pair', 'web-key-before', false],
  ['spot request', 'sir-1', true],
  ['spot request', 'sir-2', false],
] as const)('the %s %s of a machine that is whole: %s', (kind, id, its) => {
  expect(owns(web, thing(kind, id))).toBe(its)
})

test('before it knows its instance all that was made for its name is its', () => {
  expect(owns({ ...web, InstanceId: '' }, thing('instance', 'i-2'))).toBe(true)
  expect(owns({ ...web, InstanceId: '' }, thing('instance', 'i-2', 'db'))).toBe(false)
})

test('a volume that was detached is its machine’s, also when that was renamed: the tags keep the first name', () => {
  const volume = thing('volume', 'vol-1')
  expect(owns(web, volume)).toBe(true)
  const renamed = amazonec2.renamed?.(web, 'shop') as State
  expect(owns(renamed, volume)).toBe(true)
  const twice = amazonec2.renamed?.(renamed, 'store') as State
  expect([owns(twice, volume), owns(twice, thing('volume', 'vol-2', 'shop'))]).toEqual([true, false])
})
