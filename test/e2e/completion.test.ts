/** Tab in the real shells, in a terminal. Names of machines are as odd as a folder's name can be. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, must, run, startHome } from '../kit/cli.ts'
import { openScreen, type Screen } from '../kit/screen.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(180_000)
const NAMES = ['plain', 'my box', 'do$lar', "it's", 'qu"ote']

let home: Home
beforeAll(async () => {
  home = await startHome()
  for (const name of NAMES) mkdirSync(join(home.store, 'machines', name), { recursive: true })
  mkdirSync(join(home.path, 'folder-here'))
  writeFileSync(join(home.path, 'file-here.pem'), '')
  await home.ok('cli-plugin', 'install')
})
afterAll(async () => await home?.[Symbol.asyncDispose]())

const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion'
const BARE_BASH = ['bash', '--norc', '--noprofile']
/** Shown when all before it was run; not to be found in the line that was typed. */
const READY = { posix: (n: number) => `echo ready-$((${n}))`, fish: (n: number) => `echo ready-(math ${n})` }

/** A shell without its start-up files, and what is typed first: the line README tells. */
const SHELLS: { title: string; argv: string[]; load: string[]; ready: (n: number) => string }[] = [
  { title: 'bash', argv: BARE_BASH, load: ['eval "$(machine completion bash)"'], ready: READY.posix },
  {
    title: 'bash with bash-completion',
    argv: BARE_BASH,
    load: [`. ${BASH_COMPLETION}`, 'eval "$(machine completion bash)"'],
    ready: READY.posix,
  },
  { title: 'zsh', argv: ['zsh', '-f'], load: ['eval "$(machine completion zsh)"'], ready: READY.posix },
  { title: 'fish', argv: ['fish', '--no-config'], load: ['machine completion fish | source'], ready: READY.fish },
]

/** What is typed, and the whole line after Tab. The same in all shells: each quotes a name its way, but so that it reads it back. */
const LINES: [typed: string, completed: string][] = [
  ['machine provi', 'machine provision'],
  ['docker-machine provi', 'docker-machine provision'],
  ['machine ip pl', 'machine ip plain'],
  ['machine ip plain my', 'machine ip plain my\\ box'],
  ['machine ip "my', 'machine ip "my box"'],
  ['machine ip do', 'machine ip do\\$lar'],
  ['machine ip it', "machine ip it\\'s"],
  ['machine ip qu', 'machine ip qu\\"ote'],
  ['machine ls --log-f', 'machine ls --log-format'],
  ['machine ls --log-format=j', 'machine ls --log-format=json'],
  ['machine create -d gen', 'machine create -d generic'],
  ['machine create -d nspawn --nspawn-sui', 'machine create -d nspawn --nspawn-suite'],
  ['machine create -d nspawn --nspawn-suite b', 'machine create -d nspawn --nspawn-suite bookworm'],
  ['machine env --shell fi', 'machine env --shell fish'],
  ['machine ls --tls-ca-cert file-h', 'machine ls --tls-ca-cert file-here.pem'],
  ['machine ls --tls-ca-cert=file-h', 'machine ls --tls-ca-cert=file-here.pem'],
  ['machine -s folder-h', 'machine -s folder-here'],
  ['machine create file-h', 'machine create file-h'],
  ['machine ssh plain file-h', 'machine ssh plain file-h'],
]

for (const { title, argv, load, ready } of SHELLS)
  describe(title, () => {
    const tab = needs('tmux', argv[0] as string)
    let screen: Screen | undefined
    let lines = 0
    afterAll(() => screen?.[Symbol.dispose]())

    /** An empty line of the shell, which is started at first need. */
    async function emptyLine(): Promise<Screen> {
      if (screen) screen.keys('C-u')
      else {
        screen = openScreen(home, { shell: argv })
        for (const line of load) screen.type(line)
      }
      lines += 1
      screen.type(ready(lines))
      await screen.shows(new RegExp(`^ready-${lines}$`, 'm'))
      return screen
    }

    /** The line after `typed` and Tab. What is typed behind the Tab appears when the shell is done with it. */
    async function completed(typed: string): Promise<string> {
      const it = await emptyLine()
      it.write(typed)
      it.keys('Tab')
      it.write(`|#${lines}`)
      await it.shows(new RegExp(`\\|#${lines}$`, 'm'))
      const [program] = typed.split(' ')
      const [line] = it.text().match(new RegExp(`${program} [^|\\n]*?(?= *\\|#${lines}$)`, 'm')) ?? ['']
      return line.replace(/\/$/, '') // zsh takes a folder's slash back when | follows
    }

    for (const [typed, expected] of LINES) tab(`${typed}⇥`, async () => expect(await completed(typed)).toBe(expected))

    tab('several candidates are listed', async () => {
      const it = await emptyLine()
      it.write('machine sta')
      it.keys('Tab', 'Tab')
      await it.shows(/^start\b(.|\n)*\bstatus\b/m)
      it.keys('C-c')
    })
  })

describe('docker machine, by docker’s own completion', () => {
  const tab = needs('tmux', 'bash', 'docker')
  tab('commands and machines', async () => {
    using screen = openScreen(home, { shell: BARE_BASH })
    screen.type(`. ${BASH_COMPLETION}; eval "$(docker completion bash)"; echo ready-$((40 + 2))`)
    await screen.shows(/^ready-42$/m)
    screen.clear()
    screen.write('docker machine provi')
    screen.keys('Tab')
    await screen.shows(/docker machine provision/)
    screen.write('my')
    screen.keys('Tab')
    await screen.shows(/docker machine provision my\\ box/)
  })

  test('the protocol: candidates, then the directive', async () => {
    const env = { ...home.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH}` }
    const asked = await run('docker', ['__complete', 'machine', 'provision', ''], { env })
    expect(must('docker __complete', asked).split('\n')).toEqual([
      'do$lar',
      "it's",
      'my box',
      'plain',
      'qu"ote',
      ':4',
      '',
    ])
  })
})

describe('PowerShell', () => {
  needs('pwsh')('commands, names with quotes around them', async () => {
    const script = `
      machine completion powershell | Out-String | Invoke-Expression
      foreach ($line in 'machine provi', 'machine ip my', 'machine create -d gen') {
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
      }`
    const path = `${join(import.meta.dirname, '../../bin')}:${join(process.execPath, '..')}:${process.env.PATH}`
    const ran = await run('pwsh', ['-NoProfile', '-Command', script], { env: { ...home.env, PATH: path } })
    expect(must('pwsh', ran).trim().split(/\r?\n/)).toEqual(['provision', "'my box'", 'generic'])
  })
})

test('used wrongly', async () => {
  for (const args of [[], ['ksh'], ['bash', 'zsh']]) {
    const ran = await home.cli('completion', ...args)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
  }
  expect(await home.ok('completion', '--help')).toContain('machine completion fish | source')
})

test('a store that is not there, or a broken line, is an empty answer, never an error', async () => {
  expect(await home.cliWith({ env: { MACHINE_STORAGE_PATH: '/nowhere' } }, '__complete', 'ip', '')).toMatchObject({
    code: 0,
    stdout: ':4\n',
    stderr: '',
  })
  expect(await home.cli('__complete', 'ip', '--nix', '--', '--storage-path')).toMatchObject({ code: 0, stdout: ':4\n' })
  expect(await home.cli('__complete')).toMatchObject({ code: 0, stderr: '' })
  expect(await home.cli('__complete', '--new-word', 'ip')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^do\$lar\n/),
  })
})
