/** What is left at libvirt, told by a `virsh` of the test's own: a script that prints what the real one does. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Ctx } from '../../../../drivers/driver.ts'
import { dropDomain } from '../../../../drivers/vagrant/domains.ts'
import type { State } from '../../../../drivers/vagrant/state.ts'
import { makeTempDir, type TempDir } from '../../../kit/temp-dir.ts'

let dir: TempDir
let told: string[]
beforeEach(() => {
  dir = makeTempDir()
  told = []
})
afterEach(() => dir[Symbol.dispose]())

/** `script` is the body of a case on the first word; each call is written down. */
function drop(script?: string) {
  const virsh = `#!/bin/sh\necho "$*" >>"${dir.path}/calls"\ncase $1 in\n${script}\nesac\n`
  if (script !== undefined) writeFileSync(join(dir.path, 'virsh'), virsh)
  if (script !== undefined) chmodSync(join(dir.path, 'virsh'), 0o755)
  const say = (event: { text?: string }) => told.push(event.text ?? '')
  const ctx = { env: { PATH: dir.path }, signal: new AbortController().signal, say }
  return dropDomain({ ProviderName: '0-web' } as State, ctx as unknown as Ctx)
}
const calls = () => readFileSync(join(dir.path, 'calls'), 'utf8').trim().split('\n')

const POOLS = "pool-list) printf ' default\\n other\\n\\n' ;;"
const NO_VOLUME = `vol-delete) echo "error: failed to get vol '$2'
error: Storage volume not found: no storage vol with matching path '$2'" >&2; exit 1 ;;`

test('the domain and its volume, in whichever pool', async () => {
  await drop(`list) printf '0-web-2\\n0-web\\n\\n' ;;\n${POOLS}\n${NO_VOLUME}`)
  expect(calls()).toEqual([
    'list --all --name',
    'destroy 0-web',
    'undefine 0-web --managed-save --snapshots-metadata',
    'pool-list --name',
    'vol-delete 0-web.img --pool default',
    'vol-delete 0-web.img --pool other',
  ])
})

test("another store's machine is left alone", async () => {
  await drop(`list) echo 1-web ;;\n${POOLS}`)
  expect(calls().filter(call => /destroy|undefine/.test(call))).toEqual([])
})

test('a libvirt that is off, and no virsh at all: said, and no failure', async () => {
  await drop('list) echo "error: failed to connect to the hypervisor" >&2; exit 1 ;;')
  expect(told).toEqual([expect.stringContaining('libvirt is not reached')])
  dir[Symbol.dispose]()
  dir = makeTempDir()
  await drop()
  expect([told.at(-1), existsSync(join(dir.path, 'calls'))]).toEqual([expect.stringContaining('no virsh here'), false])
})

test('a volume that cannot be removed is a failure', async () => {
  const held = 'vol-delete) echo "error: Failed to delete vol: volume is in use" >&2; exit 1 ;;'
  await expect(drop(`${POOLS}\n${held}`)).rejects.toMatchObject({ code: 'VAGRANT_FAILED' })
})
