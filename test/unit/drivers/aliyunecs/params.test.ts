import { expect, test } from '@jest/globals'
import { flatParams } from '../../../../drivers/aliyunecs/params.ts'

test('lists are numbered from one, things in things are parted by points', () => {
  expect(
    flatParams({
      Amount: 1,
      DryRun: false,
      SystemDisk: { Size: 40 },
      DataDisk: [{ Size: 20, DeleteWithInstance: true }],
      Tag: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ],
      ResourceId: ['i-1', 'i-2'],
    }),
  ).toEqual({
    Amount: '1',
    DryRun: 'false',
    'SystemDisk.Size': '40',
    'DataDisk.1.Size': '20',
    'DataDisk.1.DeleteWithInstance': 'true',
    'Tag.1.Key': 'a',
    'Tag.1.Value': '1',
    'Tag.2.Key': 'b',
    'Tag.2.Value': '',
    'ResourceId.1': 'i-1',
    'ResourceId.2': 'i-2',
  })
})

test('what is not said is left out', () => {
  expect(flatParams({ A: undefined, B: null, C: { D: undefined }, E: [] })).toEqual({})
})
