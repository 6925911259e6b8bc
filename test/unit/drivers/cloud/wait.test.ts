import { expect, test } from '@jest/globals'
import { againWhile, sleep, untilAborted, waitFor } from '../../../../drivers/cloud/wait.ts'

const signal = new AbortController().signal

test('looks at once, and again until something is said', async () => {
  let looks = 0
  const look = async () => (++looks === 3 ? 'there' : undefined)
  expect(await waitFor(look, { signal, deadlineMs: 5000, firstMs: 1 })).toBe('there')
  expect(looks).toBe(3)
  expect(await waitFor(async () => false, { signal, deadlineMs: 0 })).toBe(false)
})

test('looks a last time at the deadline, and then says undefined', async () => {
  let looks = 0
  const look = async () => {
    looks += 1
    return undefined
  }
  const began = performance.now()
  expect(await waitFor(look, { signal, deadlineMs: 60, firstMs: 1000 })).toBeUndefined()
  expect(performance.now() - began).toBeLessThan(900)
  expect(looks).toBe(2)
})

test('pauses grow up to the most', async () => {
  const at: number[] = []
  const look = async () => {
    at.push(performance.now())
    return undefined
  }
  await waitFor(look, { signal, deadlineMs: 400, firstMs: 10, mostMs: 100 })
  const pauses = at.slice(1).map((time, i) => time - (at[i] as number))
  expect(pauses.length).toBeGreaterThan(4)
  expect(pauses.length).toBeLessThan(20)
  expect(pauses[0]).toBeLessThan(pauses[4] as number)
})

test('an abort ends the wait at once with its reason; an error of the look is thrown', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 20)
  const began = performance.now()
  const waiting = waitFor(async () => undefined, { signal: controller.signal, deadlineMs: 60_000, firstMs: 60_000 })
  await expect(waiting).rejects.toThrow('enough')
  expect(performance.now() - began).toBeLessThan(2000)
  await expect(sleep(10, controller.signal)).rejects.toThrow('enough')
  const failing = waitFor(() => Promise.reject(new Error('no')), { signal, deadlineMs: 1000 })
  await expect(failing).rejects.toThrow('no')
})

test('work is tried again while its failure may pass; the last one is thrown at the deadline', async () => {
  const mayPass = (error: unknown) => /^not yet/.test((error as Error).message)
  const after = (failures: Error[]) => async () => {
    const failure = failures.shift()
    if (failure) throw failure
    return undefined
  }
  const yet = (n: number) => new Error(`not yet ${n}`)
  expect(await againWhile(mayPass, after([yet(1), yet(2)]), { signal, deadlineMs: 5000, firstMs: 1 })).toBeUndefined()
  const refused = againWhile(mayPass, after([yet(1), new Error('no'), yet(2)]), {
    signal,
    deadlineMs: 5000,
    firstMs: 1,
  })
  await expect(refused).rejects.toThrow('no')
  const late = againWhile(mayPass, after([yet(1), yet(2), yet(3)]), { signal, deadlineMs: 20, firstMs: 1000 })
  await expect(late).rejects.toThrow('not yet 2')
})

test('who waits for the work of all stops at his own signal', async () => {
  const controller = new AbortController()
  const waiting = untilAborted(new Promise(() => {}), controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(await untilAborted(Promise.resolve('done'), signal)).toBe('done')
})
