/** Questions of drivers, on a terminal of the test's own. */
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { converse } from '../../kit/pty.ts'

const root = join(import.meta.dirname, '../../..')
const node = join(root, 'node_modules/node/bin/node')

/** Runs a script that has `ask`; its last line is JSON. */
async function asking(script: string, answers: [string, string][]) {
  const whole = `const { ask } = await import('./src/terminal/ask.ts'); ${script}`
  const { code, shown } = await converse(`${node} --input-type=module -e "${whole}"`, answers, { cwd: root })
  return { code, shown, said: JSON.parse(shown.trim().split('\n').at(-1) ?? 'null') }
}

test('two at once are asked one after the other; what is secret is not shown', async () => {
  const script =
    "const all = await Promise.all([ask({ text: 'MFA code of me' }), ask({ text: 'Password', secret: true })]); console.log(JSON.stringify(all))"
  const { shown, said } = await asking(script, [
    ['MFA code of me: ', ' 123456 '],
    ['Password: ', 'hush'],
  ])
  expect(said).toEqual(['123456', 'hush'])
  expect(shown.indexOf('MFA code of me: ')).toBeLessThan(shown.indexOf('Password: '))
  expect(shown.slice(0, shown.lastIndexOf('[')).match(/123456/)).not.toBeNull()
  expect(shown.slice(0, shown.lastIndexOf('['))).not.toContain('hush')
})

test('an empty line is no answer', async () => {
  const script = "console.log(JSON.stringify([await ask({ text: 'MFA code' }) ?? null]))"
  expect((await asking(script, [['MFA code: ', '']])).said).toEqual([null])
})

test('Ctrl-C is the whole program’s', async () => {
  const script =
    "process.on('SIGINT', () => { console.log(JSON.stringify('stopped')); process.exit(0) }); await ask({ text: 'MFA code' }); setTimeout(() => {}, 9000)"
  expect((await asking(script, [['MFA code: ', '\u0003']])).said).toBe('stopped')
})
