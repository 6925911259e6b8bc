/** A vagrant that is given up, and one whose starter was killed: each is asked to end, and does. */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { placesOf } from '../../../../drivers/vagrant/places.ts'
import { endOrphan, noteRunning } from '../../../../drivers/vagrant/process.ts'
import { runVagrant } from '../../../../drivers/vagrant/run.ts'
import { makeTempDir, type TempDir } from '../../../kit/temp-dir.ts'
import { until } from '../../../kit/until.ts'

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
  mkdirSync(join(dir.path, 'vagrant'))
})
afterEach(() => dir[Symbol.dispose]())

/** Ends in order when it is interrupted, and writes that down. */
const PATIENT = `trap 'echo ended >"$PWD/ended"; exit 130' INT
echo "1,web,ui,output,==> web: Importing base box..."
while :; do sleep 0.1; done`

function vagrant(script: string) {
  const bin = join(dir.path, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'vagrant'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, 'vagrant'), 0o755)
  const abort = new AbortController()
  const told: string[] = []
  const places = placesOf({}, { machineDir: dir.path })
  const env = { PATH: `${bin}:/usr/bin:/bin` }
  const ctx = { env, signal: abort.signal, say: (event: { text: string }) => told.push(event.text) }
  const run = (deadlineMs = 60_000) =>
    runVagrant(['up', 'web'], places, {}, ctx, { doing: 'bring up "web"', deadlineMs, changes: true })
  return { abort, told, places, run }
}

test('given up by its caller: it ends in order, and the caller hears its own reason', async () => {
  const { abort, told, places, run } = vagrant(PATIENT)
  const running = run()
  await until(() => told.includes('vagrant: Importing base box...') && existsSync(places.running))
  abort.abort(new Error('Ctrl-C'))
  await expect(running).rejects.toThrow('Ctrl-C')
  expect(readFileSync(join(places.cwd, 'ended'), 'utf8')).toBe('ended\n')
  expect(existsSync(places.running)).toBe(false)
})

test('one that takes too long is ended too', async () => {
  const { places, run } = vagrant(PATIENT)
  await expect(run(1_000)).rejects.toMatchObject({ code: 'VAGRANT_DEADLINE' })
  expect(existsSync(join(places.cwd, 'ended'))).toBe(true)
})

test('what it started and left running is not waited for, though it holds the output open', async () => {
  const { places, run } = vagrant('echo "1,web,state,running"\nsleep 1000 &\necho $! >"$PWD/left"')
  expect((await run()).lines).toEqual([{ target: 'web', type: 'state', data: ['running'] }])
  const left = Number(readFileSync(join(places.cwd, 'left'), 'utf8'))
  expect(process.kill(left, 'SIGKILL')).toBe(true) // it was there
})

test('there is none: that is said, with how to get it', async () => {
  const { places } = vagrant('')
  const ctx = { env: { PATH: '/nonexistent' }, signal: new AbortController().signal, say: () => {} }
  const failed = runVagrant(['status'], places, {}, ctx, { doing: 'look', deadlineMs: 1000 })
  await expect(failed).rejects.toMatchObject({ code: 'VAGRANT_MISSING' })
})

test('one that goes on after its starter was killed is found and ended; another that has its number is not', async () => {
  const places = placesOf({}, { machineDir: dir.path })
  expect(await endOrphan(places)).toBe(false)
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
  const pid = child.pid as number
  try {
    writeFileSync(places.running, `${pid} Thu Jan  1 00:00:00 1970\n`)
    expect(await endOrphan(places)).toBe(false)
    expect(child.signalCode).toBeNull()
    await noteRunning(places, pid)
    expect(await endOrphan(places)).toBe(true)
    await until(() => child.signalCode !== null)
    expect([child.signalCode, existsSync(places.running)]).toEqual(['SIGINT', false])
  } finally {
    child.kill('SIGKILL')
  }
})
