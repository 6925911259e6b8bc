/** A provider that is told to end, in a process of its own. */
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { run } from '../../kit/cli.ts'

const module = join(import.meta.dirname, '../../../src/pulumi/interruption.ts')
/** Runs the text with the module at hand; as Pulumi's server does, the process waits for ever. */
const told = (text: string) =>
  run(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { answering, interruption } from ${JSON.stringify(module)}
     const signal = interruption()
     setInterval(() => {}, 1000)
     ${text}`,
  ])

test('with no work to stop it ends', async () => {
  expect(await told("process.kill(process.pid, 'SIGTERM')")).toMatchObject({ code: 130 })
})

test('work is stopped and answers; told so again it ends', async () => {
  const ran = await told(`
    const stopped = new Promise(resolve => signal.addEventListener('abort', () => resolve(signal.reason.message)))
    const work = answering(() => stopped)
    process.kill(process.pid, 'SIGTERM')
    console.log(await work)
    process.kill(process.pid, 'SIGTERM')`)
  expect([ran.code, ran.stdout]).toEqual([130, 'interrupted (SIGTERM)\n'])
})
