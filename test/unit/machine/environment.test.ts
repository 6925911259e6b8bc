import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { MachineError } from '../../../src/errors.ts'
import {
  detectShell,
  machineVariables,
  noProxyVariable,
  renderEnvironment,
  unsetVariables,
} from '../../../src/machine/environment.ts'
import { commandLine } from '../../../src/program-name.ts'
import { needs } from '../../kit/tools.ts'

const plain = machineVariables({
  name: 'dev',
  url: 'tcp://198.18.0.2:2376',
  certPath: '/home/a/.docker/machine/machines/dev',
  windows: false,
})

/** Values that break naive quoting. */
const ODD = ['a b', 'x$HOME', '`id`', 'say "hi"', "it's", 'back\\slash', 'bang!', '#hash', '$(id)', 'a;b&c|d', '*']

describe("Docker Machine's text", () => {
  test('bash', () => {
    expect(renderEnvironment(plain, 'bash', 'machine env dev')).toBe(
      [
        'export DOCKER_TLS_VERIFY="1"',
        'export DOCKER_HOST="tcp://198.18.0.2:2376"',
        'export DOCKER_CERT_PATH="/home/a/.docker/machine/machines/dev"',
        'export DOCKER_MACHINE_NAME="dev"',
        '# Run this command to configure your shell: ',
        '# eval $(machine env dev)',
        '',
      ].join('\n'),
    )
  })

  test.each([
    ['fish', 'set -gx DOCKER_MACHINE_NAME "dev";', '# eval (machine env dev)'],
    ['tcsh', 'setenv DOCKER_MACHINE_NAME "dev";', ': eval `machine env dev`'],
    ['powershell', '$Env:DOCKER_MACHINE_NAME = "dev"', '# & machine env dev | Invoke-Expression'],
    ['cmd', 'SET DOCKER_MACHINE_NAME=dev', `REM \t@FOR /f "tokens=*" %i IN ('machine env dev') DO @%i`],
    [
      'emacs',
      '(setenv "DOCKER_MACHINE_NAME" "dev")',
      ';; (with-temp-buffer (shell-command "machine env dev" (current-buffer)) (eval-buffer))',
    ],
    ['anything', 'export DOCKER_MACHINE_NAME="dev"', '# eval $(machine env dev)'],
  ])('%s', (shell, line, hint) => {
    const lines = renderEnvironment(plain, shell, 'machine env dev').split('\n')
    expect(lines).toContain(line)
    expect(lines).toContain(hint)
  })

  test('unset names every variable and no value', () => {
    expect(renderEnvironment(unsetVariables(false), 'bash', 'machine env -u').split('\n').slice(0, 4)).toEqual([
      'unset DOCKER_TLS_VERIFY',
      'unset DOCKER_HOST',
      'unset DOCKER_CERT_PATH',
      'unset DOCKER_MACHINE_NAME',
    ])
  })
})

describe('values come back from the shell as they went in', () => {
  const evaluate: Record<string, (text: string) => string[]> = {
    bash: text => ['-c', `eval "$1"; printf %s "$V"`, 'bash', text],
    sh: text => ['-c', `eval "$1"; printf %s "$V"`, 'sh', text],
    fish: text => ['-c', `eval $argv[1]; printf %s "$V"`, text],
    tcsh: text => ['-f', '-c', `${text}\nprintenv V`],
  }
  for (const shell of Object.keys(evaluate))
    needs(shell)(shell, () => {
      for (const value of ODD) {
        const line = renderEnvironment([['V', value]], shell, 'x').split('\n')[0] as string
        const seen = execFileSync(shell, evaluate[shell]?.(line) ?? [], { encoding: 'utf8' })
        expect([value, seen.replace(/\n$/, '')]).toEqual([value, value])
      }
    })
})

describe('shells that are not run here', () => {
  const line = (shell: string, value: string) => renderEnvironment([['V', value]], shell, 'x').split('\n')[0]

  test.each([
    ['$(id) `id` "q"', '$Env:V = "`$(id) ``id`` `"q`""'],
    ['a\nb\tc', '$Env:V = "a$([char]10)b$([char]9)c"'],
    ['typographic “quotes„', '$Env:V = "typographic `“quotes`„"'],
    ["it's ! % ; & \\", '$Env:V = "it\'s ! % ; & \\"'],
  ])('PowerShell reads %j', (value, text) => expect(line('powershell', value)).toBe(text))

  test.each([
    ['a"b\\c', '(setenv "V" "a\\"b\\\\c")'],
    ['a\nb\x01', '(setenv "V" "a\\012b\\001")'],
    ['$(id) `id` ünï', '(setenv "V" "$(id) `id` ünï")'],
  ])('emacs reads %j', (value, text) => expect(line('emacs', value)).toBe(text))

  test.each([
    ['tcsh', 'a\nb', 'tcsh cannot take a line break in a variable, and V has one: "a\\nb"'],
    ['csh', 'a\nb', 'tcsh cannot take a line break in a variable, and V has one: "a\\nb"'],
    ['cmd', 'a\nb', 'cmd cannot take a line break or another control character in a variable, and V has one: "a\\nb"'],
  ])('%s refuses %j instead of printing something wrong', (shell, value, message) => {
    expect(() => line(shell, value)).toThrow(new MachineError('SHELL_VALUE', message))
  })
})

describe('the command to copy', () => {
  const typed = (...words: string[]) => commandLine('machine', words, {})
  const last = (shell: string, command: string) => renderEnvironment([], shell, command).trimEnd().split('\n').at(-1)

  test.each([
    [['env', 'dev'], 'machine env dev'],
    [['-s', '/a b', 'env', 'dev'], 'machine -s "/a b" env dev'],
    [['-s', 'C:\\Users\\a', 'env', 'dev'], 'machine -s "C:\\Users\\a" env dev'],
    [['-s', "/it's $(id)", 'env', 'dev'], "machine -s '/it'\\''s $(id)' env dev"],
    [['-s', '', 'env', 'dev'], 'machine -s "" env dev'],
  ])('%j → %s', (words, text) => expect(typed(...words)).toBe(text))

  test('with a newline in it is not shown: what follows would be run', () => {
    for (const shell of ['bash', 'fish', 'tcsh', 'powershell', 'cmd', 'emacs'])
      expect(last(shell, typed('-s', 'a\ntouch pwned', 'env', 'dev'))).toMatch(
        /^(#|:|REM|;;) evaluate what the command you typed prints$/,
      )
  })
})

describe('no_proxy', () => {
  test('is the lower-case one where that is in use', () =>
    expect(noProxyVariable({ no_proxy: 'a', NO_PROXY: 'b' }, '10.0.0.1')).toEqual(['no_proxy', 'a,10.0.0.1']))
  test('an address inside another is not taken for present', () =>
    expect(noProxyVariable({ NO_PROXY: '10.0.0.12' }, '10.0.0.1')).toEqual(['NO_PROXY', '10.0.0.12,10.0.0.1']))
  test('one that is there is not added again', () =>
    expect(noProxyVariable({ NO_PROXY: '10.0.0.1,x' }, '10.0.0.1')).toEqual(['NO_PROXY', '10.0.0.1,x']))
})

describe('the shell', () => {
  test('is the one in use', () => expect(detectShell(undefined, { SHELL: '/usr/bin/zsh' }, 'linux')).toBe('zsh'))
  test('is what was asked for', () => expect(detectShell('cmd', { SHELL: '/bin/bash' }, 'linux')).toBe('cmd'))
  test('unknown says what to do', () => expect(() => detectShell(undefined, {}, 'linux')).toThrow('Unknown shell'))
})
