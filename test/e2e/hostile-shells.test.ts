/** Values made to break shells, through what `env` prints and `eval $(…)`, read back byte for byte from real shells. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals'
import { type Home, run, startHome } from '../kit/cli.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(300_000)

/** Names of folders; the shells that cannot take them are named. */
const HOSTILE: { value: string; refusedBy?: string[] }[] = [
  { value: '$(touch pwned)' },
  { value: '`touch pwned`' },
  { value: '$HOME ${HOME} $$ $1' },
  { value: '"double" "quotes' },
  { value: "it's 'single'" },
  { value: '"; touch pwned; "' },
  { value: "'; touch pwned; '" },
  { value: '&& touch pwned || touch pwned & touch pwned > pwned < pwned' },
  { value: 'a  run   of spaces' },
  { value: ' leading and trailing ' },
  { value: 'a\ttab\t\ttwo' },
  { value: 'a\nnewline\n\ntwo', refusedBy: ['tcsh'] },
  { value: '\ntouch pwned\n', refusedBy: ['tcsh'] },
  { value: 'a\rreturn', refusedBy: ['tcsh'] },
  { value: 'control \x01\x1b[31m\x7f' },
  { value: 'ünïcødé 漢字 🐳 “quotes”' },
  { value: 'bang! !! !$ !touch' },
  { value: 'percent %s %n %% %d' },
  { value: 'at the end\\' },
  { value: 'back\\slash \\ \\\\ \\n' },
  { value: '-leading dash --force' },
  { value: '#hash # comment' },
  { value: '* ? [a-z] {a,b} ~ ~root' },
  { value: '^caret^ @at =equals' },
  { value: 'x'.repeat(250) },
]

const POSIX = {
  evaluate: 'eval $(machine env --storage-path "$STORE" dev)',
  again: 'eval "$(machine env --storage-path "$STORE" dev)"',
}
const SHELLS: Record<string, { quiet: string[]; evaluate: string; again: string }> = {
  bash: { quiet: ['--norc'], ...POSIX },
  zsh: { quiet: ['-f'], ...POSIX },
  dash: { quiet: [], ...POSIX },
  fish: {
    quiet: ['--no-config'],
    evaluate: 'eval (machine env --storage-path "$STORE" dev)',
    again: 'machine env --storage-path "$STORE" dev | source',
  },
  tcsh: {
    quiet: ['-f'],
    evaluate: 'eval `machine env --storage-path $STORE:q dev`',
    again: 'eval `machine env --storage-path $STORE:q dev`',
  },
}

let home: Home
let folder = ''
/** Where the shells run, among files that wildcards would find. */
let cwd = ''
const storeOf = (value: string) => join(folder, value)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'machine-hostile-'))
  cwd = join(folder, 'cwd')
  mkdirSync(join(folder, 'bin'))
  symlinkSync(join(import.meta.dirname, '../../bin/machine'), join(folder, 'bin/machine'))
  mkdirSync(cwd)
  for (const name of ['*', '?', 'x', 'a', 'b', '\\', '[a-z]', 'two words']) writeFileSync(join(cwd, name), '')
  home = await startHome()
  for (const { value } of HOSTILE)
    await home.ok('create', '--storage-path', storeOf(value), '-d', 'none', '--url', 'tcp://192.0.2.7:2376', 'dev')
})
afterAll(async () => {
  await home?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs `lines` in the shell and returns the variables it then hands to programs. */
async function environmentAfter(shell: string, lines: string[], env: Record<string, string>) {
  const PATH = `${join(folder, 'bin')}:${join(process.execPath, '..')}:${process.env.PATH}`
  const { quiet = [] } = SHELLS[shell] ?? {}
  const ran = await run(shell, [...quiet, '-c', [...lines, 'env -0'].join('\n')], {
    env: { ...home.env, LC_ALL: 'C.UTF-8', ...env, PATH, SHELL: `/bin/${shell}` },
    cwd,
  })
  const pairs = ran.stdout.split('\0').map(pair => [pair.replace(/=.*$/s, ''), pair.replace(/^[^=]*=/s, '')] as const)
  return { ...ran, variables: Object.fromEntries(pairs) as Record<string, string | undefined> }
}

for (const [shell, { evaluate, again }] of Object.entries(SHELLS)) {
  const it = needs(shell)
  describe(shell, () => {
    for (const { value, refusedBy } of HOSTILE) {
      const title = JSON.stringify(value.slice(0, 60))
      if (refusedBy?.includes(shell))
        it(`${title} is refused in a sentence, and nothing is set`, async () => {
          const ran = await environmentAfter(shell, [`setenv SHELL /bin/${shell}`, evaluate], { STORE: storeOf(value) })
          expect(ran.stderr).toContain(`${shell} cannot take a line break in a variable, and DOCKER_CERT_PATH has one`)
          expect(ran.variables.DOCKER_HOST).toBeUndefined()
          expect(readdirSync(cwd)).toHaveLength(8)
        })
      else
        it(`${title} comes back as it is`, async () => {
          for (const way of [evaluate, again]) {
            const ran = await environmentAfter(shell, [way], { STORE: storeOf(value) })
            expect([ran.stderr, ran.code]).toEqual(['', 0])
            expect(ran.variables).toMatchObject({
              DOCKER_TLS_VERIFY: '1',
              DOCKER_HOST: 'tcp://192.0.2.7:2376',
              DOCKER_CERT_PATH: join(storeOf(value), 'machines/dev'),
              DOCKER_MACHINE_NAME: 'dev',
            })
          }
          expect(existsSync(join(cwd, 'pwned'))).toBe(false)
          expect(readdirSync(cwd)).toHaveLength(8)
        })
    }

    it('a hostile no_proxy is added to and otherwise comes back as it is', async () => {
      const STORE = storeOf('x'.repeat(250))
      const withNoProxy = evaluate.replace(' dev', ' --no-proxy dev')
      for (const { value } of HOSTILE.filter(h => !h.refusedBy?.includes(shell))) {
        const clean = value
          .split(',')
          .filter(entry => entry !== '')
          .join(',')
        const ran = await environmentAfter(shell, [withNoProxy], { STORE, no_proxy: value })
        expect([value, ran.stderr, ran.variables.no_proxy]).toEqual([value, '', `${clean},192.0.2.7`])
      }
      // Already in it, and last is a newline: $(…) would take it away.
      const last = '192.0.2.7,example.net\n'
      if (shell === 'tcsh') return
      const ran = await environmentAfter(shell, [withNoProxy], { STORE, no_proxy: last })
      expect([ran.stderr, ran.variables.no_proxy]).toEqual(['', last])
    })

    it('the line to copy is safe to copy', async () => {
      for (const { value, refusedBy } of HOSTILE) {
        if (refusedBy?.includes(shell)) continue
        const printed = await home.cliWith(
          { env: { SHELL: `/bin/${shell}`, MACHINE_CALLED_AS: 'machine' } },
          ...['env', '--storage-path', storeOf(value), 'dev'],
        )
        const line = (printed.stdout.trimEnd().split('\n').at(-1) ?? '').slice(2)
        if (line === 'evaluate what the command you typed prints') continue
        const ran = await environmentAfter(shell, [line], {})
        expect([line, ran.stderr, ran.variables.DOCKER_CERT_PATH]).toEqual([
          line,
          '',
          join(storeOf(value), 'machines/dev'),
        ])
      }
      expect(readdirSync(cwd)).toHaveLength(8)
    })
  })
}

describe('PowerShell', () => {
  needs('pwsh')('what env prints comes back as it is', async () => {
    for (const { value } of HOSTILE) {
      const lines = [
        '& machine env --shell powershell --storage-path $Env:STORE dev | Invoke-Expression',
        'foreach ($n in "DOCKER_HOST", "DOCKER_CERT_PATH") { [Console]::Out.Write([Environment]::GetEnvironmentVariable($n) + "`0") }',
      ]
      const PATH = `${join(folder, 'bin')}:${join(process.execPath, '..')}:${process.env.PATH}`
      const env = { ...home.env, PATH, STORE: storeOf(value) }
      const ran = await run('pwsh', ['-NoProfile', '-NonInteractive', '-Command', lines.join('\n')], { env, cwd })
      expect([ran.stderr, ran.stdout.split('\0')]).toEqual([
        '',
        ['tcp://192.0.2.7:2376', join(storeOf(value), 'machines/dev'), ''],
      ])
    }
    expect(readdirSync(cwd)).toHaveLength(8)
  })
})
