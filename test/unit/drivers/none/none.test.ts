import { expect, test } from '@jest/globals'
import type { CreateCtx } from '../../../../drivers/driver.ts'
import { none } from '../../../../drivers/none/index.ts'

const ctx: CreateCtx<unknown> = {
  name: 'n',
  machineDir: '/nonexistent',
  storeId: '1a2b3c4d',
  env: {},
  signal: new AbortController().signal,
  say: () => {},
  point: () => {},
  publicKey: '',
  enginePort: 2376,
  checkpoint: async () => {},
}

test('the url is required, and must be one', async () => {
  await expect(none.preflight({ url: undefined }, ctx)).rejects.toThrow(
    '--url option is required when no driver is selected',
  )
  await expect(none.preflight({ url: 'nowhere' }, ctx)).rejects.toThrow('is no URL of an engine')
  await none.preflight({ url: 'tcp://203.0.113.7:2376' }, ctx)
})

test.each([
  ['tcp://203.0.113.7:2376', '203.0.113.7:2376', '203.0.113.7'],
  ['tcp://[2001:db8::1]:2376', '[2001:db8::1]:2376', '2001:db8::1'],
])('%s is kept whole, its host and port as the address', async (url, IPAddress, address) => {
  const state = await none.create({ url }, ctx)
  expect(state).toEqual({ MachineName: 'n', IPAddress, URL: url })
  expect(await none.inspect(state, ctx)).toEqual({ status: 'Running', url, address })
})

test.each([
  ['start', 'started'],
  ['stop', 'stopped'],
  ['restart', 'restarted'],
  ['kill', 'killed'],
])('%s is refused in the words of Docker Machine', (verb, done) => {
  expect(none.noPowerText?.(verb)).toBe(`hosts without a driver cannot be ${done}`)
})
