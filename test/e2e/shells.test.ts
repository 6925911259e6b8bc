/** What `env` prints, evaluated by the real shells, from a store whose path no shell likes; docker then works in them. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

/** A shell, how it evaluates a program's output, and how it prints variables. */
const SHELLS = [
  { shell: 'bash', evaluate: (c: string) => `eval $(${c})`, show: (n: string) => `printf '%s\\n' "$${n}"` },
  { shell: 'zsh', evaluate: (c: string) => `eval $(${c})`, show: (n: string) => `printf '%s\\n' "$${n}"` },
  { shell: 'dash', evaluate: (c: string) => `eval $(${c})`, show: (n: string) => `printf '%s\\n' "$${n}"` },
  { shell: 'fish', evaluate: (c: string) => `eval (${c})`, show: (n: string) => `printf '%s\\n' "$${n}"` },
  { shell: 'tcsh', evaluate: (c: string) => `eval \`${c}\``, show: (n: string) => `printenv ${n}` },
]

suite(why ? `env in shells [${why}]` : 'env in shells', () => {
  let home: Home
  const folder = mkdtempSync(join(tmpdir(), 'machine-shells-'))
  const store = join(folder, `it's a $HOME \`store\` "here" & ünder`)
  const bin = join(folder, 'bin')

  beforeAll(async () => {
    mkdirSync(bin)
    symlinkSync(join(import.meta.dirname, '../../bin/machine'), join(bin, 'machine'))
    chmodSync(folder, 0o755)
    home = await startHome({ ...hostEnv('shells'), MACHINE_STORAGE_PATH: store })
    await home.ok('create', '-d', 'nspawn', 'dev')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Runs a script of this shell, with `machine` on its PATH and no start-up files. */
  function script(shell: string, text: string) {
    const quiet = { fish: ['--no-config'], tcsh: ['-f'], zsh: ['-f'] }[shell] ?? []
    const path = `${bin}:${join(process.execPath, '..')}:${process.env.PATH}`
    const env = { ...home.env, PATH: path, SHELL: `/usr/bin/${shell}` }
    return run(shell, [...quiet, '-c', text], { env })
  }

  for (const { shell, evaluate, show } of SHELLS) {
    const shown = needs(shell)
    shown(`${shell}: eval sets the variables, docker works, and env -u takes them away`, async () => {
      const lines = [
        evaluate('machine env dev'),
        show('DOCKER_MACHINE_NAME'),
        show('DOCKER_CERT_PATH'),
        "docker info -f '{{.Name}}'",
        evaluate('machine env -u'),
        'env | grep -c ^DOCKER_',
      ]
      const ran = await script(shell, lines.join('\n'))
      expect(ran.stderr).toBe('')
      expect(ran.stdout.split('\n')).toEqual(['dev', join(store, 'machines/dev'), 'dev', '0', ''])
    })

    shown(`${shell}: the comment tells the very command to copy, and unset is env -u`, async () => {
      const printed = (await script(shell, 'machine env dev')).stdout.trimEnd().split('\n')
      expect(printed.at(-1)).toMatch(/^[#:] eval .*machine env dev/)
      const line = (printed.at(-1) ?? '').slice(2)
      const ran = await script(
        shell,
        [line, show('DOCKER_HOST'), evaluate('machine unset'), 'env | grep -c ^DOCKER_'].join('\n'),
      )
      expect(ran.stdout).toMatch(/^tcp:\/\/198\.19\.\d+\.\d+:2376\n0\n$/)
    })
  }

  test('--shell is taken at its word, whatever runs; without any shell known it is asked for', async () => {
    expect(await home.ok('env', '--shell', 'powershell', 'dev')).toMatch(/^\$Env:DOCKER_TLS_VERIFY = "1"\n/)
    expect(await home.ok('env', '--shell', 'cmd', 'dev')).toMatch(/^SET DOCKER_TLS_VERIFY=1\n/)
    expect(await home.ok('env', '--shell', 'emacs', 'dev')).toMatch(/^\(setenv "DOCKER_TLS_VERIFY" "1"\)\n/)
    const none = await home.cliWith({ env: { SHELL: undefined } }, 'env', 'dev')
    expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Error: Unknown shell') })
  })

  test('an engine that does not answer: nothing to evaluate, and what to do', async () => {
    await home.ok('ssh', 'dev', 'systemctl stop docker.socket docker')
    const ran = await home.cli('env', 'dev')
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toContain('Error checking TLS connection')
    await home.ok('ssh', 'dev', 'systemctl start docker')
    expect((await home.cli('env', 'dev')).code).toBe(0)
  })
})
