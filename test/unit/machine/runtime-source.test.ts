import { expect, test } from '@jest/globals'
import { runtimeSource } from '../../../src/machine/runtime-source.ts'
import type { World } from '../../../src/machine/world.ts'

const w = {
  env: { PATH: '', npm_config_registry: 'https://me:geheim@npm.example/here' },
  platform: 'linux',
  home: '/nonexistent',
  signal: new AbortController().signal,
} as unknown as World
const MIRROR = 'https://mirror.example'

test.each([
  [{ registry: 'https://mine.example', mirror: MIRROR }, 'https://mine.example/'],
  [{ mirror: MIRROR }, 'https://mirror.example/'],
  [{}, 'https://npm.example/here/'],
])('a host asks the registry that was named, else one of its place, else npm’s own here: %j', async (wish, told) => {
  expect(await runtimeSource(w, '192.0.2.1', wish).registry()).toBe(told)
})
