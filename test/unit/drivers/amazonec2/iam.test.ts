/** The least policy, derived from what the driver calls; docs/amazonec2.md prints it, so that nobody has to guess. */
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ACTIONS } from '../../../../drivers/amazonec2/actions.ts'
import { leastPolicy } from '../../../../drivers/amazonec2/iam.ts'
import { FAMILIES } from '../../../../drivers/amazonec2/image-families.ts'
import { commands } from '../../../../drivers/amazonec2/sdk.ts'

const root = join(import.meta.dirname, '../../../..')
const docs = readFileSync(join(root, 'docs/amazonec2.md'), 'utf8')

/** The actions that stand in calls of the driver's sources. */
async function called(): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const file of glob('drivers/amazonec2/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, action] of text.matchAll(/\.(?:call|allowed)\(\s*'(\w+)'/g)) found.add(action as string)
  }
  return found
}

test('it knows each action that is called, and no other', async () => {
  const actions = [...(await called())].sort()
  expect(Object.keys(ACTIONS).sort()).toEqual(actions)
  expect(Object.keys(commands).sort()).toEqual(actions)
})

test('each action is allowed once for its things, and only looking is allowed on all', () => {
  const { Statement } = leastPolicy()
  for (const action of Object.keys(ACTIONS))
    expect(Statement.filter(s => s.Action.includes(`ec2:${action}`) && !s.Sid.startsWith('UseFor'))).not.toEqual([])
  for (const s of Statement.filter(s => s.Resource === '*'))
    expect(s.Action.filter(action => !action.startsWith('ec2:Describe'))).toEqual([])
})

test('nothing is made or changed without our tag', () => {
  const { Statement } = leastPolicy()
  const free = Statement.filter(s => s.Condition === undefined && s.Resource !== '*')
  expect(free.map(s => s.Sid)).toEqual(['UseForCreateSecurityGroup', 'UseForRunInstances'])
  expect(free.flatMap(s => s.Resource).filter(arn => /:instance\//.test(arn))).toEqual([])
  expect(free.find(s => s.Action.includes('ec2:CreateSecurityGroup'))?.Resource).toEqual(['arn:aws:ec2:*:*:vpc/*'])
  const conditions = Statement.flatMap(s => Object.values(s.Condition ?? {}).flatMap(Object.keys))
  expect(conditions).toEqual(['aws:RequestTag/machine:store', 'ec2:CreateAction', 'aws:ResourceTag/machine:store'])
})

test('other parts of AWS have other names', () => {
  expect(JSON.stringify(leastPolicy('aws-cn'))).not.toContain('arn:aws:')
  expect(JSON.stringify(leastPolicy('aws-us-gov'))).toContain('arn:aws-us-gov:ec2:*:*:instance/*')
})

test('the docs print it', () => {
  const printed = /<!-- policy -->\n+```json\n([\s\S]*?)```\n+<!-- \/policy -->/.exec(docs)?.[1] ?? 'null'
  expect(JSON.parse(printed)).toEqual(leastPolicy())
})

test('the docs name the publishers of images', () => {
  for (const [family, { owners, user }] of Object.entries(FAMILIES)) {
    const row = docs.split('\n').find(line => line.startsWith('|') && line.includes(`\`${family}\``)) ?? ''
    expect(row).toContain(`| ${user} |`)
    for (const owner of Object.values(owners)) expect(row.toLowerCase()).toContain(owner)
  }
})
