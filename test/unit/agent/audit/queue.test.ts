/** The queue before a sink that stops, fails and comes back. */
import { expect, test } from '@jest/globals'
import { openQueue } from '../../../../agent/audit/queue.ts'
import type { Sink } from '../../../../agent/audit/sink.ts'

const droppedLine = (lost: number) => `lost ${lost}\n`

/** A sink whose writes end when the test says so. */
function slowSink() {
  const written: string[] = []
  let finish: ((error?: Error) => void) | undefined
  const sink: Sink = {
    write: text =>
      new Promise((resolve, reject) => {
        finish = error => {
          finish = undefined
          if (error) return reject(error)
          written.push(text)
          resolve()
        }
      }),
    close: async () => {},
  }
  return { sink, written, end: (error?: Error) => finish?.(error), busy: () => finish !== undefined }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

test('lines of one turn go in one write, later ones behind it', async () => {
  const slow = slowSink()
  const queue = openQueue(slow.sink, { droppedLine })
  queue.push('a\n')
  queue.push('b\n')
  await turn()
  queue.push('c\n')
  slow.end()
  await turn()
  slow.end()
  await turn()
  expect(slow.written).toEqual(['a\nb\n', 'c\n'])
  expect(slow.busy()).toBe(false)
})

test('what does not fit is dropped, counted and told when there is room', async () => {
  const slow = slowSink()
  const queue = openQueue(slow.sink, { droppedLine, limit: 6 })
  queue.push('aa\n')
  await turn()
  for (const line of ['bb\n', 'cc\n', 'dd\n']) queue.push(line)
  expect(queue.dropped).toBe(2)
  slow.end()
  await turn()
  slow.end()
  await turn()
  queue.push('ee\n')
  await turn()
  slow.end()
  await turn()
  expect(slow.written).toEqual(['aa\n', 'lost 2\nbb\n', 'ee\n'])
  expect(queue.dropped).toBe(2)
})

test('a failed write is tried again with the same lines, and loses none', async () => {
  const slow = slowSink()
  const queue = openQueue(slow.sink, { droppedLine, retryMs: 1 })
  queue.push('a\n')
  await turn()
  slow.end(new Error('ENOSPC'))
  while (!slow.busy()) await turn()
  queue.push('b\n')
  slow.end()
  await turn()
  slow.end()
  await turn()
  expect(slow.written).toEqual(['a\n', 'b\n'])
  expect(queue.dropped).toBe(0)
})

test('a write takes no more than its share of a long queue', async () => {
  const slow = slowSink()
  const queue = openQueue(slow.sink, { droppedLine })
  const line = `${'x'.repeat(39_999)}\n`
  for (let i = 0; i < 3; i += 1) queue.push(line)
  for (let i = 0; i < 3; i += 1) {
    await turn()
    slow.end()
  }
  await turn()
  expect(slow.written).toEqual([line, line, line])
})

test('close writes what waits, and gives up on a sink that hangs', async () => {
  const slow = slowSink()
  const queue = openQueue(slow.sink, { droppedLine, closeMs: 1 })
  queue.push('a\n')
  await turn()
  await queue.close()
  queue.push('b\n')
  expect(queue.dropped).toBe(1)
  expect(slow.written).toEqual([])
})
