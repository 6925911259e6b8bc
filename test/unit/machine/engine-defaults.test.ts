/** What a driver knows its hosts need stands in the places of what nobody said. */
import { expect, test } from '@jest/globals'
import { aliyunecs } from '../../../drivers/aliyunecs/index.ts'
import type { AnyDriver, EngineDefaults } from '../../../drivers/driver.ts'
import { NPM_MIRROR_CHINA } from '../../../provisioning/mirrors.ts'
import { withEngineDefaults } from '../../../src/machine/engine-defaults.ts'
import { configOf } from '../drivers/aliyunecs/config.ts'

const w = { env: { HOME: '/nonexistent' } }
const driverWith = (defaults?: EngineDefaults) => ({
  driver: { ...aliyunecs, engineDefaults: defaults ? () => defaults : undefined } as AnyDriver,
  config: {},
})

test('a driver without any changes nothing', async () => {
  expect(await withEngineDefaults(undefined, driverWith(), w)).toBeUndefined()
  expect(await withEngineDefaults({ version: '28' }, driverWith(), w)).toEqual({ version: '28' })
})

test('what was said goes first', async () => {
  const ask = driverWith({ mirror: 'aliyun', agentRegistry: 'https://r.example' })
  expect(await withEngineDefaults(undefined, ask, w)).toEqual({
    placeMirror: 'aliyun',
    agentMirror: 'https://r.example',
  })
  expect(await withEngineDefaults({ mirror: 'tuna', agentRegistry: 'https://mine.example' }, ask, w)).toEqual({
    mirror: 'tuna',
    agentRegistry: 'https://mine.example',
  })
  expect(await withEngineDefaults({ installUrl: 'https://s.example' }, ask, w)).toEqual({
    installUrl: 'https://s.example',
    agentMirror: 'https://r.example',
  })
})

test.each([
  ['cn-qingdao', true],
  ['cn-hongkong', false],
  ['ap-southeast-1', false],
])('aliyunecs in %s', async (region, china) => {
  const config = configOf({ region })
  expect(await aliyunecs.engineDefaults?.(config, w)).toEqual(
    china ? { mirror: 'aliyun', agentRegistry: NPM_MIRROR_CHINA } : {},
  )
})

test('without a region it is the default one, in China', async () => {
  expect(await aliyunecs.engineDefaults?.(configOf(), w)).toMatchObject({ mirror: 'aliyun' })
})
