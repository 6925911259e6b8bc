import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { forLogin, makeReader, programOf } from '../../../src/ssh/program.ts'
import { needs, which } from '../../kit/tools.ts'

const NASTY = `printf '%s|' 'a  b' "$HOME" '!x' 'back\\slash' '$(no)' '%d' "it's" 'ü\u{1f433}'; cat <<END
  two
lines \`echo 3\`
END
`

const SHELLS = ['sh', 'bash', 'dash', 'tcsh', 'fish']
const expected = () => execFileSync('sh', ['-c', NASTY], { encoding: 'utf8', env: { HOME: '/h' } })

describe('a text means the same whatever the login shell is', () => {
  for (const shell of SHELLS) {
    needs(shell)(shell, () => {
      const { line } = forLogin({ text: NASTY, stdin: Buffer.alloc(0) })
      const env = { HOME: '/h', PATH: process.env.PATH }
      expect(execFileSync(which(shell) ?? '', ['-c', line], { encoding: 'utf8', env })).toBe(expected())
    })

    needs(shell)(`${shell}, from stdin with input behind it`, () => {
      const reader = makeReader()
      const { line } = forLogin({ text: reader.text, stdin: Buffer.alloc(0) })
      const input = Buffer.concat([reader.frame(`${NASTY}cat`), Buffer.from('the\0input')])
      const env = { HOME: '/h', PATH: process.env.PATH }
      const out = execFileSync(which(shell) ?? '', ['-c', line], { encoding: 'utf8', env, input })
      expect(out).toBe(`${expected()}the\0input`)
    })
  }
})

test('plain texts stay readable', () => {
  expect(forLogin({ text: 'id -u; echo "$HOME"', stdin: Buffer.alloc(0) }).line).toBe(
    `exec sh -c 'id -u; echo "$HOME"'`,
  )
})

test('a text cut short on stdin is not run', () => {
  const reader = makeReader()
  const cut = reader.frame('echo one\necho two\n').subarray(0, -3)
  const ran = spawnSync('sh', ['-c', reader.text], { input: cut, encoding: 'utf8' })
  expect([ran.status, ran.stdout]).toEqual([255, ''])
})

test('a command longer than an argument may be travels on stdin', () => {
  const { text, stdin, mark } = programOf(`${': filler\n'.repeat(30_000)}cat; exit 3`)
  const ran = spawnSync('sh', ['-c', text], { input: Buffer.concat([stdin, Buffer.from('input')]), encoding: 'utf8' })
  expect([ran.status, ran.stdout]).toEqual([3, 'input'])
  expect(ran.stderr).toBe(`${mark} ${ran.pid}\n`)
})
