/** What the lives of machines at a stand-in cloud look at. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Home, must, run, startHome } from '../kit/cli.ts'
import type { CloudHost } from '../kit/cloud/hosts.ts'
import type { HostedNow } from '../kit/cloud/stand-in.ts'

/** A home in which the temporary files lie too: it is searched for keys whole. */
export async function startWholeHome(env: Record<string, string | undefined>): Promise<Home> {
  const home = await startHome(env)
  const tmp = join(home.path, 'tmp')
  mkdirSync(tmp)
  Object.assign(home.env, { TMPDIR: tmp })
  return home
}

export const recordOf = (home: Home, name: string) =>
  JSON.parse(readFileSync(join(home.store, 'machines', name, 'config.json'), 'utf8'))

/** The instance that a machine is, by its record; it must have a host. */
export function hostedAs<I extends HostedNow<unknown>>(name: string, home: Home, cloud: { instances(): I[] }) {
  const { InstanceId: id } = recordOf(home, name).Driver
  const found = cloud.instances().find(each => each.id === id)
  if (found?.host === undefined) throw new Error(`${name} has no host`)
  return { ...found, host: found.host }
}

/** The docker client as `machine env` sets it now. */
export async function dockerBy(home: Home, name: string, ...args: string[]): Promise<string> {
  const env = JSON.parse(await home.ok('env', '--json', name)) as Record<string, string>
  return must(`docker ${args.join(' ')}`, await run('docker', args, { env: { ...home.env, ...env } })).trim()
}

/** Exports a machine without its passphrase, and unpacks that into the home: what is handed on is searched too. */
export async function unpackExport(home: Home, name: string): Promise<string> {
  const [archive, folder] = [join(home.path, `${name}.tar`), join(home.path, 'unpacked')]
  await home.ok('export', name, '--no-passphrase', '-o', archive)
  mkdirSync(folder)
  must('tar', await run('tar', ['-xf', archive, '-C', folder]))
  return readFileSync(join(folder, 'config.json'), 'utf8')
}

/** Files of a host's own that hold one of the traces. It would find them: a file that holds a mark is found too. */
export async function filesOnHost(host: Pick<CloudHost, 'exec'>, traces: readonly string[]): Promise<string[]> {
  const mark = randomUUID()
  const file = '/run/machine-test-mark'
  const wanted = [mark, ...traces].map(trace => `-e '${trace}'`).join(' ')
  const found = await host.exec(
    `echo ${mark} > ${file}; grep -rlaF ${wanted} /etc /home /root /run /tmp /usr/local /var/lib /var/log 2>/dev/null; rm ${file}`,
  )
  const files = found.trim().split('\n')
  assert.ok(files.includes(file), `the mark was not found, but ${files}`)
  return files.filter(each => each !== file)
}
