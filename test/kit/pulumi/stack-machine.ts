/** A machine of a stack, as a report tells of it: used and disturbed from outside of the stack. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, run } from '../cli.ts'
import type { Json, Report } from './report.ts'
import type { Stack } from './stack.ts'

const machine = join(import.meta.dirname, '../../../bin/machine')

/** Outputs of the resource of that type and name; throws where there is none. */
export function outputsOf(report: Report, type: string, name: string): Json {
  const found = report.resources.find(({ urn }) => urn.endsWith(`:${type}::${name}`))
  if (!found) throw new Error(`there is no ${type} ${name} in ${report.resources.map(r => r.urn)}: ${report.failures}`)
  return found.outputs
}

/** What a run did, as `op name`, claims left out. */
export function didOf({ steps }: Report): string[] {
  return steps.filter(({ urn }) => !urn.endsWith('-claim')).map(({ urn, op }) => `${op} ${urn.split('::').at(-1)}`)
}

/** The folders of the stack's machines; empty once all are gone. */
export function homesOf(stack: Stack): string[] {
  const folder = join(stack.path, '.local/state/machine/pulumi')
  return existsSync(folder)
    ? readdirSync(folder)
        .filter(name => /^[0-9a-f]{16}$/.test(name))
        .map(name => join(folder, name))
    : []
}

/** The docker client, with nothing but the resource's outputs. */
export async function dockerWith(stack: Stack, outputs: Json, ...args: string[]): Promise<string> {
  const certs = join(stack.path, `certs-${outputs.name ?? 'client'}`)
  mkdirSync(certs, { recursive: true })
  for (const file of ['ca', 'cert', 'key'])
    writeFileSync(join(certs, `${file}.pem`), String(outputs[file]), { mode: 0o600 })
  const env = {
    HOME: stack.path,
    DOCKER_HOST: String(outputs.dockerHost),
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certs,
  }
  return must(`docker ${args.join(' ')}`, await run('docker', args, { env })).trim()
}

/** The command line on the machine's own store: what somebody does behind the stack's back. */
export async function behind(stack: Stack, outputs: Json, ...args: string[]): Promise<string> {
  const store = homesOf(stack)
    .map(home => join(home, 'store'))
    .find(path => existsSync(join(path, 'machines', String(outputs.name))))
  if (store === undefined) throw new Error(`${outputs.name} is in none of ${homesOf(stack)}`)
  const ran = await run(process.execPath, [machine, '-s', store, ...args], { env: { HOME: stack.path } })
  return must(`machine ${args.join(' ')}`, ran)
}
