/** Ten machines at once at a stand-in cloud without hosts: SSH would be waited for in vain, so they end once they are launched. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home } from '../kit/cli.ts'
import { machineProgram } from '../kit/cloud/doomed.ts'
import { follow } from '../kit/follow.ts'

export const TEN = Array.from({ length: 10 }, (_, i) => `n${i + 1}`)

/** Runs these until the instances of all ten are made. */
export async function makeTen(home: Home, ...commands: string[][]): Promise<void> {
  const phases = () =>
    TEN.map(name => join(home.store, 'machines', name, 'config.json')).map(path =>
      existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).Machine.Phase : '',
    )
  await using stack = new AsyncDisposableStack()
  const runs = commands.map(args => stack.use(follow(process.execPath, [machineProgram, ...args], home.env)))
  const ended = Promise.race(runs.map(run => run.ended.then(code => `${code}: ${run.text()}`)))
  for (;;) {
    if (phases().every(phase => phase === 'provisioning')) break
    const over = await Promise.race([ended, sleep(50)])
    if (over !== undefined) throw new Error(`ended with ${over}`)
  }
}

/** How many there are of each kind, of 'vpc vpc-…' and the like. */
export function countKinds(things: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [kind = ''] of things.map(thing => thing.split(' '))) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
