/** The stand-in VirtualBox: failures by rule, callers that are killed, and many at once. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { startVirtualBox } from '../kit/virtualbox/virtualbox.ts'

test('failures by rule: not ready for a while, in other words, with an effect all the same, callers that are killed', async () => {
  await using other = await startVirtualBox({ computer: { locale: 'de' } })
  const call = async (...argv: string[]) => {
    const done = await promisify(execFile)(join(other.bin, 'VBoxManage'), argv, {
      env: { ...other.env, LANG: 'de_DE.UTF-8' },
    }).catch((error: { code: number; stdout: string; stderr: string; signal?: string }) => error)
    return { code: 'code' in done ? done.code : 0, stdout: done.stdout, stderr: done.stderr }
  }
  await call('createvm', '--name', 'web', '--register')
  const rule = other.faults.add({ command: 'showvminfo', times: 2, gives: 'not-ready' })
  for (let i = 0; i < 2; i++)
    expect(await call('showvminfo', 'web')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^VBoxManage: error: The object is not ready\n/),
    })
  expect((await call('showvminfo', 'web')).stdout).toMatch(/^Zustand: +ausgeschaltet \(seit /m)
  expect(rule.hits).toBe(2)
  expect((await call('showvminfo', 'none')).stderr).toContain("mit dem Namen 'none'")
  other.faults.add({
    command: 'hostonlyif create',
    nth: 1,
    gives: { stderr: 'VBoxManage: error: nobody knows\n', afterEffect: true },
  })
  expect(await call('hostonlyif', 'create')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'VBoxManage: error: nobody knows\n',
  })
  expect(other.left()).toContain('hostonlyif vboxnet0 0.0.0.0')

  const parent = (words: string) =>
    promisify(execFile)('sh', ['-c', `${other.bin}/VBoxManage ${words}; sleep 5; echo alive`]).catch(
      (error: { signal: string }) => error,
    )
  other.faults.add({ command: 'createvm --name early', gives: { kill: 'before' } })
  other.faults.add({ command: 'createvm --name late', gives: { kill: 'after' } })
  expect(await parent('createvm --name early --register')).toMatchObject({ signal: 'SIGKILL' })
  expect(await parent('createvm --name late --register')).toMatchObject({ signal: 'SIGKILL' })
  expect(other.machines().map(({ name }) => name)).toEqual(['web', 'late'])
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, i) => call('createvm', '--name', `m${i % 4}`, '--register')),
  )
  expect(made.map(({ code }) => code).toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
  expect(other.calls.at(-1)).toMatchObject({ argv: expect.arrayContaining(['createvm']) })
}, 60_000)
