/** The least policy, derived from what the driver calls; docs/aliyunecs.md prints it, so that nobody has to guess. */
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ACTIONS } from '../../../../drivers/aliyunecs/actions.ts'
import { FAMILY_NAMES } from '../../../../drivers/aliyunecs/image-families.ts'
import { leastPolicy } from '../../../../drivers/aliyunecs/ram.ts'

const root = join(import.meta.dirname, '../../../..')
const docs = readFileSync(join(root, 'docs/aliyunecs.md'), 'utf8')

test('it knows each action that is called, and no other', async () => {
  const called = new Set<string>()
  for await (const file of glob('drivers/aliyunecs/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    const calls = text.matchAll(/(?:call|all(?:ByToken|ByNumber|OfVpc)|send)\(\s*(?:(?:ecs|link),\s*)?'([A-Z]\w+)'/g)
    for (const [, action] of calls) called.add(action as string)
  }
  expect(Object.keys(ACTIONS).sort()).toEqual([...called].sort())
})

test('the documentation prints it as it is', () => {
  const [, printed = ''] = /<!-- policy -->\n```json\n([\s\S]*?)```/.exec(docs) ?? []
  expect(JSON.parse(printed)).toEqual(leastPolicy())
})

test('the documentation names every family', () => {
  for (const family of FAMILY_NAMES) expect(docs).toContain(`\`${family}\``)
})
