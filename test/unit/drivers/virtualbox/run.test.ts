/** Calls of a VBoxManage that is a script: what it is given, and how long it may take. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { vbox } from '../../../../drivers/virtualbox/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'machine-vbox-run-'))
afterAll(() => rmSync(folder, { recursive: true }))

const here = {
  env: { PATH: `${folder}:${process.env.PATH}`, LANG: 'de_DE.UTF-8' },
  signal: new AbortController().signal,
  say: () => {},
  point: () => {},
}
function script(text: string): void {
  writeFileSync(join(folder, 'VBoxManage'), `#!/bin/sh\n${text}\n`)
  chmodSync(join(folder, 'VBoxManage'), 0o755)
}

test('it speaks English, and reads what is not ASCII', async () => {
  script('echo "$LC_ALL $1"')
  expect(await vbox(['jürgen'], here, { doing: 'say it' })).toBe('C.UTF-8 jürgen\n')
})

test('one whose service hangs is not waited for', async () => {
  script('sleep 5 & exec sleep 30')
  const begun = performance.now()
  await expect(vbox(['list', 'vms'], here, { doing: 'list its VMs', deadlineMs: 300 })).rejects.toMatchObject({
    code: 'VBOX_SERVICE',
    message: 'VirtualBox could not list its VMs: no answer within 0.3 s',
  })
  expect(performance.now() - begun).toBeLessThan(20_000)
})
