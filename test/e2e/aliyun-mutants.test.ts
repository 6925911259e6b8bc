/** The driver passes what aliyun-checks.ts checks; each broken copy of it is caught by the check that is there for that. */
import { describe, jest } from '@jest/globals'
import { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import { CHECKS, type CheckName } from './aliyun-checks.ts'
import { openAccount, Store } from './aliyun-store.ts'
import { type Broken, mutantTests } from './mutants.ts'

jest.setTimeout(60_000)

const BROKEN: readonly Broken<CheckName>[] = [
  { file: 'sdk.ts', text: "{ method: 'POST',", by: "{ method: 'GET',", caughtBy: 'all is asked with POST' },
  {
    file: 'launch-input.ts',
    text: 'Amount: 1,',
    by: "Amount: 1, ...{ Colour: 'red' },",
    caughtBy: 'the API knows all it is asked',
    says: 'The parameter "Colour" is not one of this action',
  },
  {
    file: 'launch-input.ts',
    text: '...(userData ? { UserData: userData } : {}),',
    by: 'UserData: String(userData),',
    caughtBy: 'the API knows all it is asked',
    says: 'The parameter "UserData" is "undefined"',
  },
  {
    file: 'params.ts',
    text: "typeof value === 'object'",
    by: 'Array.isArray(value)',
    caughtBy: 'the API knows all it is asked',
    says: 'The input parameter "Tag.1.Key"',
  },
  {
    file: 'launch-input.ts',
    text: '...(token ? { ClientToken: token } : {}),',
    by: '',
    caughtBy: 'a launch whose answer is lost is one launch',
  },
  {
    file: 'launch.ts',
    text: "await ctx.checkpoint(state)\n  ctx.point('ecs launch decided')",
    by: "ctx.point('ecs launch decided')",
    caughtBy: 'what an aborted create made is removed from its record',
  },
  {
    file: 'eip.ts',
    text: 'state.EipAsked = new Date().toISOString()\n  await ctx.checkpoint(state)',
    by: 'state.EipAsked = new Date().toISOString()',
    caughtBy: 'what an aborted create made is removed from its record',
  },
  {
    file: 'create.ts',
    text: 'await ctx.checkpoint(state)\n  await haveKey(',
    by: 'await haveKey(',
    caughtBy: 'what an aborted create made is removed from its record',
  },
  {
    file: 'remove.ts',
    text: 'return await waitFor(() => ofLaunch(ecs, ClientToken), patience)',
    by: 'return await ofLaunch(ecs, ClientToken)',
    caughtBy: 'a launch that ECS does not tell of yet is waited for',
  },
  {
    file: 'preflight.ts',
    text: 'await ecs.mayRun(input)',
    by: 'await Promise.resolve(input)',
    caughtBy: 'a launch that would be refused is refused before anything is made',
  },
  {
    file: 'eip.ts',
    text: '    Tag: tagList(machineTags(s.tags, ctx.name, ctx.storeId)),\n',
    by: '',
    caughtBy: 'all it makes is marked',
  },
  {
    file: 'shared.ts',
    text: 'const [first] = [...all].sort(',
    by: 'const [first] = all.filter(thing => idOf(thing) === mine).sort(',
    caughtBy: 'machines made at once agree on one network',
  },
  {
    file: 'remove-shared.ts',
    text: 'if (await inUse()) return false',
    by: '',
    caughtBy: 'a group is deleted with the last machine in it',
  },
  {
    file: 'security-group.ts',
    text: 'return await where(ecs, { Tag: tagList({ [TAG_STORE]: storeId }) })',
    by: 'return await where(ecs, {})',
    caughtBy: 'a network it did not make stays',
  },
  {
    file: 'create.ts',
    text: 'if (group.store === undefined) await',
    by: 'if (Math.random() > 1) await',
    caughtBy: 'a network it did not make stays',
  },
  {
    file: 'cloud/allow-cidr.ts',
    text: 'const cidr = range ? [range.cidr] : []',
    by: "const cidr = range ? ['0.0.0.0/0'] : []",
    caughtBy: 'only the caller is let in',
  },
  {
    file: 'launch-input.ts',
    text: 'HttpTokens: s.metadata.tokens,',
    by: '',
    caughtBy: 'its metadata wants tokens',
  },
  {
    file: 'launch-input.ts',
    text: 'DeleteWithInstance: true',
    by: 'DeleteWithInstance: false',
    caughtBy: 'its disks go with it',
  },
  {
    file: 'remove.ts',
    text: 'await attempt(() => releaseEips(ecs, state, seen?.EipAddress?.AllocationId || undefined, ctx))',
    by: 'void releaseEips',
    caughtBy: 'its elastic address is given back',
  },
  {
    file: 'power.ts',
    text: "? ('StopCharging' as const) : ('KeepCharging' as const)",
    by: "? ('KeepCharging' as const) : ('StopCharging' as const)",
    caughtBy: 'stop keeps its place, and waits until it is stopped',
  },
  {
    file: 'power.ts',
    text: "'ecs stop asked')\n  await until(ecs, InstanceId, 'Stopped', ctx)",
    by: "'ecs stop asked')",
    caughtBy: 'stop keeps its place, and waits until it is stopped',
  },
  {
    file: 'power.ts',
    text: "ctx.point('ecs start asked')\n  await until(ecs, InstanceId, 'Running', ctx)",
    by: "ctx.point('ecs start asked')",
    caughtBy: 'start waits until it runs',
  },
  {
    file: 'problems.ts',
    text: '/NotFound|NotExist|',
    by: '/NeverFound|',
    caughtBy: 'what is gone is removed',
    says: 'is not there',
  },
  {
    file: 'create.ts',
    text: 'MachineName: ctx.name,',
    by: "MachineName: ctx.name, SecretKey: ctx.env.ECS_ACCESS_KEY_SECRET ?? '',",
    caughtBy: 'no key stands in its record',
  },
  {
    file: 'problems-limits.ts',
    text: 'when: /NoStock|SoldOut|',
    by: 'when: /SoldOut|',
    caughtBy: 'where one zone has none left the next is tried',
    says: 'sold out in the specified zone',
  },
  {
    file: 'send.ts',
    text: 'tried >= retries',
    by: 'tried >= 0',
    caughtBy: 'a throttled call is repeated',
    says: 'takes no more calls of CreateSecurityGroup',
  },
  {
    file: 'key-pair.ts',
    text: "if (!/AlreadyExist|Duplicate/.test(providerCode(error) ?? '')) throw error",
    by: 'throw error',
    caughtBy: 'a key pair whose answer was lost is its own',
    says: 'is there already',
  },
  {
    file: 'marked.ts',
    text: 'const Tag = tagList({ [TAG_STORE]: storeId })',
    by: "const Tag = tagList({ [TAG_MACHINE]: 'web' })",
    caughtBy: 'a sweep finds what is its store’s alone',
  },
  {
    file: 'pages.ts',
    text: 'if (token === undefined) return found',
    by: 'return found',
    caughtBy: 'what stands on later pages is found',
  },
  {
    file: 'pages.ts',
    text: 'if (here.length === 0 || found.length >= total) return found',
    by: 'if (total >= 0) return found',
    caughtBy: 'what stands on later pages is found',
  },
]

describe('the driver aliyunecs', () =>
  mutantTests({
    name: 'aliyunecs',
    driver: aliyunecs,
    checks: CHECKS,
    broken: BROKEN,
    lanes: 6,
    open: openAccount,
    store: (driver, cloud) => new Store(driver, cloud),
  }))
