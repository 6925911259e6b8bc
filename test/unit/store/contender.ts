/**
 * contender.ts LOCK COUNTER TASKS ROUNDS END: TASKS tasks at once take LOCK and count one up in COUNTER, ROUNDS times each,
 * beginning when COUNTER exists. END says how the last round of all ends: `release`, or `die` by SIGKILL holding the lock.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeLock } from '../../../src/store/lock.ts'

const [path = '', counter = '', tasks = '1', rounds = '1', end = 'release'] = process.argv.slice(2)
let left = Number(tasks) * Number(rounds)

async function count(): Promise<void> {
  for (let round = 0; round < Number(rounds); round += 1) {
    const lock = await takeLock(path, 'the counter is', { purpose: 'count', waitMs: 120_000 })
    const seen = Number(readFileSync(counter, 'utf8'))
    await sleep(2) // long enough for another who also believes to hold the lock to read the same number
    writeFileSync(counter, String(seen + 1))
    left -= 1
    if (left === 0 && end === 'die') process.kill(process.pid, 'SIGKILL')
    await lock[Symbol.asyncDispose]()
  }
}

while (!existsSync(counter)) await sleep(1)
await Promise.all(Array.from({ length: Number(tasks) }, count))
