/** What a failure leaves in the state: as much as `destroy` and the next update need. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { homeOf, markBegun, newHome } from '../../../src/pulumi/core/home.ts'
import { machine } from '../../../src/pulumi/core/machine.ts'
import { aroundOf } from './around.ts'

const state = mkdtempSync(join(tmpdir(), 'machine-pulumi-'))
afterAll(() => rmSync(state, { recursive: true }))
const around = aroundOf({ env: { USER: 'someone', XDG_STATE_HOME: state } })
const inputs = {
  resource: 'urn:pulumi:dev::shop::pulumi-nodejs:dynamic/machine:Machine::web',
  home: newHome(),
  driver: 'none',
  name: 'web',
  none: { url: 'tcp://198.51.100.1:2375' },
}

test('files that cannot be read leave those in the state as they are, and the next update puts them back', async () => {
  const { id, outs } = await machine.create(inputs, around)
  const home = homeOf(inputs.home, around)
  // As after a crash in the middle of a change, on a disk that lost what was written last.
  await markBegun(home, 'web', 'change')
  writeFileSync(join(home.store, 'machines/web/config.json'), '{ "Na')
  const news = { ...inputs, labels: { team: 'infra' } }
  await expect(machine.update(id, outs, news, around)).rejects.toMatchObject({
    name: 'HalfDone',
    properties: { files: outs.files, phase: 'ready' },
  })
  const { outs: mended } = await machine.update(id, outs, news, around)
  expect(JSON.parse(String(mended.files))['NAME/config.json']).toContain('"team": "infra"')
})
