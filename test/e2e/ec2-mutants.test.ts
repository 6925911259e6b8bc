/** The driver passes what ec2-checks.ts checks; each broken copy of it is caught by the check that is there for that. */
import { describe, jest } from '@jest/globals'
import { amazonec2 } from '../../drivers/amazonec2/index.ts'
import { startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { CHECKS, type CheckName } from './ec2-checks.ts'
import { CALLER, Store } from './ec2-store.ts'
import { type Broken, mutantTests } from './mutants.ts'

jest.setTimeout(60_000)
const why = whyNoMoto()

const BROKEN: readonly Broken<CheckName>[] = [
  {
    file: 'launch-input.ts',
    text: '...(token ? { ClientToken: token } : {}),',
    by: '',
    caughtBy: 'a launch whose answer is lost is one launch',
  },
  {
    file: 'launch.ts',
    text: "await ctx.checkpoint(state)\n  ctx.point('ec2 launch decided')",
    by: "ctx.point('ec2 launch decided')",
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
    text: 'return await waitFor(look, { signal, deadlineMs, firstMs: 1000 })',
    by: 'return await look()',
    caughtBy: 'a launch that EC2 does not tell of yet is waited for',
  },
  {
    file: 'launch-input.ts',
    text: '...(groups ? { Groups: groups } : {}),',
    by: '',
    caughtBy: 'its group is on its interface',
  },
  {
    file: 'launch-input.ts',
    text: "HttpTokens: or(metadata.tokens, 'required'),",
    by: "HttpTokens: or(metadata.tokens, 'optional'),",
    caughtBy: 'its metadata wants tokens',
  },
  { file: 'launch-input.ts', text: "'volume', ", by: '', caughtBy: 'all it makes is marked' },
  {
    file: 'launch-input.ts',
    text: '...encryption(s),\n      DeleteOnTermination: true,',
    by: '...encryption(s),\n      DeleteOnTermination: false,',
    caughtBy: 'its volume goes with it',
  },
  {
    file: 'cloud/allow-cidr.ts',
    text: 'const cidr = range ? [range.cidr] : []',
    by: "const cidr = range ? ['0.0.0.0/0'] : []",
    caughtBy: 'only the caller is let in',
  },
  {
    file: 'remove-groups.ts',
    text: ' || (await inUse(ec2, ours))',
    by: '',
    caughtBy: 'a group is deleted with the last machine in it',
  },
  {
    file: 'security-group.ts',
    text: '[filter(`tag:${TAG_STORE}`, [storeId]), ...here]',
    by: '[...here]',
    caughtBy: 'a group it did not make stays',
  },
  {
    file: 'create.ts',
    text: 'groups.filter(group => group.store !== undefined)',
    by: 'groups',
    caughtBy: 'a group it did not make stays',
  },
  {
    file: 'create.ts',
    text: 'const MOST_GROUP_TRIES = 3',
    by: 'const MOST_GROUP_TRIES = 1',
    caughtBy: 'a group that vanished meanwhile is made again',
    says: 'is not there',
  },
  {
    file: 'power.ts',
    text: "'ec2 stop asked')\n  await waitUntilStopped(ec2, id, ctx)",
    by: "'ec2 stop asked')",
    caughtBy: 'stop waits until it is stopped',
  },
  {
    file: 'power.ts',
    text: "stateOf(seen) === 'running' && !!addressOf(state, seen)",
    by: 'true',
    caughtBy: 'start waits until it runs, and it has another address',
  },
  {
    file: 'gone.ts',
    text: '/NotFound$/',
    by: '/NeverFound$/',
    caughtBy: 'what is gone is removed',
    says: 'the instance is not there',
  },
  {
    file: 'create.ts',
    text: 'MachineName: ctx.name,',
    by: "MachineName: ctx.name, SecretKey: ctx.env.AWS_SECRET_ACCESS_KEY ?? '',",
    caughtBy: 'no key stands in its record',
  },
  {
    file: 'remove.ts',
    text: 'if (state.TerminationProtection) {',
    by: 'if (Math.random() > 1) {',
    caughtBy: 'a protected one is removed',
    says: 'is protected against that',
  },
  {
    file: 'launch-input.ts',
    text: "spot.interruption === 'terminate' ? 'one-time' : 'persistent'",
    by: "'persistent'",
    caughtBy: 'a spot instance is asked for once',
  },
  {
    file: 'remove.ts',
    text: 'if (request) await endRequest(ec2, request, ctx)',
    by: '',
    caughtBy: 'a spot request ends with its machine',
  },
  {
    file: 'launch.ts',
    text: '&& state.SpotRequestId) await endRequest(',
    by: '&& Math.random() > 1) await endRequest(',
    caughtBy: 'a spot request ends before the next is made',
  },
  {
    file: 'outcomes.ts',
    text: 'return hasCode(error, CAPACITY) ||',
    by: 'return',
    caughtBy: 'where one zone is full the next is tried',
    says: 'AWS has no t3.micro left in zone eu-central-1a',
  },
  {
    file: 'api.ts',
    text: 'tried < retries',
    by: 'tried < 0',
    caughtBy: 'a throttled call is repeated',
    says: 'AWS takes no more requests for now',
  },
  {
    file: 'key-pair.ts',
    text: "if (providerCode(error) !== 'InvalidKeyPair.Duplicate') throw error",
    by: 'throw error',
    caughtBy: 'a key pair whose answer was lost is its own',
    says: 'a key pair like this is there already',
  },
  {
    file: 'marked.ts',
    text: 'return { Name: `tag:${TAG_STORE}`, Values: [storeId] }',
    by: "return { Name: 'tag-key', Values: [TAG_STORE, storeId] }",
    caughtBy: 'a sweep finds what is its store’s alone',
  },
]

const suite = why ? describe.skip : describe
suite(why ? `the driver [${why}]` : 'the driver', () =>
  mutantTests({
    name: 'amazonec2',
    driver: amazonec2,
    checks: CHECKS,
    broken: BROKEN,
    async open() {
      const cloud = await startEc2({ delays: { pending: 0, stopping: 0, shuttingDown: 0 }, quotas: { vcpus: 1000 } })
      cloud.check.answer = CALLER
      return cloud
    },
    store: (driver, cloud) => new Store(driver, cloud),
  }),
)
