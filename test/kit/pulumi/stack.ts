/** A stack of a Pulumi program: `up`, `preview`, `refresh` and `destroy` through the stand-in for Pulumi's engine. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunOptions, run } from '../cli.ts'
import { COMPILED } from './light-node.ts'
import type { Report } from './report.ts'

const root = join(import.meta.dirname, '../../..')
const engine = join(import.meta.dirname, 'engine.ts')

export interface Stack extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  /** Folder of the program, and HOME of all that runs. */
  readonly path: string
  /** The program's text, as CommonJS; `m` is our package, `pulumi` the SDK. */
  program(text: string): void
  /** The same as an ES module, with nothing imported. */
  module(text: string): void
  /** One of `examples/`. */
  example(name: string): void
  /** As on another computer: the state alone is there. */
  forgetFiles(): void
  /** Files of the engine's, which hold all that the state holds. */
  readonly ownFiles: readonly string[]
  /** Text of the state file. */
  stateText(): string
  /** Puts an older state back, as somebody who was not told of the last run has it. */
  restore(text: string): void
  preview(): Promise<Report>
  up(options?: RunOptions): Promise<Report>
  refresh(): Promise<Report>
  destroy(): Promise<Report>
  /** The same, whatever comes of it: a run that was killed tells nothing. */
  attempt(command: 'up' | 'destroy', options?: RunOptions): Promise<Report | undefined>
}

/** A project with our package in its node_modules, as npm links it. On dispose the stack is destroyed. */
export function startStack(env: Record<string, string | undefined> = {}): Stack {
  const path = mkdtempSync(join(tmpdir(), 'machine-stack-'))
  const require = createRequire(join(root, 'package.json'))
  const packageOf = (name: string) => require.resolve(`${name}/package.json`).replace(/\/package\.json$/, '')
  const link = (name: string, to: string) => {
    mkdirSync(join(path, 'node_modules', name, '..'), { recursive: true })
    symlinkSync(to, join(path, 'node_modules', name))
  }
  link('@machinehosts/machine', root)
  for (const name of ['@pulumi/pulumi', '@grpc/grpc-js', 'google-protobuf']) link(name, packageOf(name))
  writeFileSync(join(path, 'package.json'), '{ "name": "program", "private": true }\n')

  const attempt: Stack['attempt'] = async (command, options = {}) => (await told(command, options)).report
  async function told(command: string, options: RunOptions = {}) {
    const its = {
      HOME: path,
      XDG_STATE_HOME: undefined,
      MACHINE_DRIVER: undefined,
      ...COMPILED,
      ...env,
      ...options.env,
    }
    const file = join(path, 'report.json')
    rmSync(file, { force: true })
    const argv = ['--disable-warning=DEP0180', engine, command, path]
    const ran = await run(process.execPath, argv, { ...options, cwd: path, env: its })
    return { ran, report: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined }
  }
  async function sure(command: string, options?: RunOptions): Promise<Report> {
    const { ran, report } = await told(command, options)
    if (report) return report
    throw new Error(`${command} told nothing (exit ${ran.code})\n${ran.stdout}\n${ran.stderr}`)
  }
  return {
    path,
    ownFiles: ['state.json', 'report.json'].map(name => join(path, name)),
    program(text) {
      rmSync(join(path, 'index.mjs'), { force: true })
      const head = "const pulumi = require('@pulumi/pulumi')\nconst m = require('@machinehosts/machine/pulumi')\n"
      writeFileSync(join(path, 'index.js'), head + text)
    },
    module(text) {
      rmSync(join(path, 'index.js'), { force: true })
      writeFileSync(join(path, 'index.mjs'), text)
    },
    example: name => cpSync(join(root, 'examples', name, 'index.ts'), join(path, 'index.ts')),
    forgetFiles: () => rmSync(join(path, '.local'), { recursive: true, force: true }),
    restore: text => writeFileSync(join(path, 'state.json'), text),
    stateText: () => readFileSync(join(path, 'state.json'), 'utf8'),
    preview: () => sure('preview'),
    up: options => sure('up', options),
    refresh: () => sure('refresh'),
    destroy: () => sure('destroy'),
    attempt,
    async [Symbol.asyncDispose]() {
      const state = join(path, 'state.json')
      const left = existsSync(state) && readFileSync(state, 'utf8') !== '[]'
      const { failures } = left ? await sure('destroy') : { failures: [] }
      rmSync(path, { recursive: true, force: true })
      if (failures.length > 0) throw new Error(`clean-up failed: ${failures.join('; ')}`)
    },
  }
}
