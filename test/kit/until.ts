/** Waits for what this process can see; an assertion fails when it is not so after ten seconds. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

export async function until(holds: () => boolean): Promise<void> {
  for (let left = 1000; !holds(); left--) {
    assert.ok(left > 0, 'it never came true')
    await sleep(10)
  }
}
