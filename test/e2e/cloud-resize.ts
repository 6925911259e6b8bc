/** One machine at a stand-in cloud, on a real host, whose instance type is changed: what stays, what moves, what a kill leaves. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Home } from '../kit/cli.ts'
import type { Call } from '../kit/cloud/calls.ts'
import { machineProgram } from '../kit/cloud/doomed.ts'
import type { Gives } from '../kit/cloud/faults.ts'
import { follow } from '../kit/follow.ts'
import { importBusybox } from '../kit/images.ts'
import { dockerBy, recordOf, startWholeHome } from './cloud-life.ts'

interface Cloud extends AsyncDisposable {
  readonly env: Record<string, string | undefined>
  readonly calls: readonly Call[]
  readonly faults: {
    add(fault: { action: string; times?: number; nth?: number; when?: () => boolean; gives: Gives }): unknown
    clear(): void
  }
}

export interface Resizable<C extends Cloud> {
  readonly driver: 'amazonec2' | 'aliyunecs'
  start(): Promise<C>
  readonly create: readonly string[]
  /** Its type, one to change it to, and a third. */
  readonly types: readonly [string, string, string]
  /** The actions, in their order. */
  readonly actions: { readonly stop: string; readonly change: string; readonly start: string }
  /** What the provider says of its type and state now. */
  seen(cloud: C): Promise<string>
  /** Of a start that finds no room. */
  readonly noRoom: { readonly code: string; readonly status: number; readonly says: RegExp }
}

/** The suite; why it is skipped, if so. */
export function resizeSuite<C extends Cloud>(of: Resizable<C>, why: string | undefined): void {
  jest.setTimeout(240_000)
  const suite = why ? describe.skip : describe
  const [first, second, third] = of.types
  const flag = `--${of.driver}-instance-type`
  suite(why ? `another type at ${of.driver} [${why}]` : `another type at ${of.driver}`, () => {
    let cloud: C
    let home: Home
    beforeAll(async () => {
      cloud = await of.start()
      home = await startWholeHome(cloud.env)
      await home.ok('create', '-d', of.driver, ...of.create, flag, first, 'web')
      const image = await importBusybox(home, 'web')
      const forever = ['--restart', 'always', '--stop-timeout', '1', '--name', 'survivor', image, 'sleep', '100000']
      await home.dockerOk('web', 'run', '-d', ...forever)
    })
    afterAll(async () => {
      await home?.[Symbol.asyncDispose]()
      await cloud?.[Symbol.asyncDispose]()
    })

    const driver = () => recordOf(home, 'web').Driver
    const underWay = () => recordOf(home, 'web').Machine.Resize
    const changed = (from: number) =>
      cloud.calls.slice(from).filter(call => Object.values(of.actions).includes(call.action) && !call.dryRun)
    const survives = async () => {
      expect(await dockerBy(home, 'web', 'ps', '--format', '{{.Names}} {{.State}}')).toBe('survivor running')
    }

    /** `modify` that is killed when it calls this action: before the call does anything, or after it did. */
    async function die(type: string, action: string, when: 'before' | 'after'): Promise<void> {
      await using run = follow(process.execPath, [machineProgram, 'modify', '-y', flag, type, 'web'], home.env)
      const gives: Gives = when === 'before' ? 'drop' : { delayMs: 10 }
      let hit = false
      const kill = () => {
        hit = true
        process.kill(run.pid, 'SIGKILL')
        return true
      }
      cloud.faults.add({ action, times: 1, when: kill, gives })
      expect(await run.ended).toBe(-1)
      cloud.faults.clear()
      expect([action, hit]).toEqual([action, true])
    }

    test('--dry-run tells, and nothing is done', async () => {
      const from = cloud.calls.length
      const ran = await home.cli('modify', 'web', flag, second, '--dry-run')
      expect([ran.code, ran.stdout]).toEqual([0, ''])
      expect(ran.stderr).toBe(
        `~ ${flag.slice(2)} ${first} -> ${second}\n` +
          'the machine stops and starts: running containers stop, and those with a restart policy start again; its address may change\n' +
          'nothing was changed: this was a dry run\n',
      )
      expect(changed(from)).toEqual([])
      expect([driver().InstanceType, underWay()]).toEqual([first, undefined])
    })

    test('asks first, and no is no', async () => {
      const from = cloud.calls.length
      const ran = await home.cliWith({ input: 'n\n' }, 'modify', 'web', flag, second)
      expect(ran.code).toBe(1)
      expect(ran.stderr).toContain('Stop "web" and start it again? (y/n): ')
      expect(ran.stderr).toContain('nothing was changed on "web"\n')
      expect(changed(from)).toEqual([])
    })

    test('it gets the type; docker answers, and its containers are there', async () => {
      const from = cloud.calls.length
      const ran = await home.cliWith({ input: 'y\n' }, 'modify', 'web', flag, second, '--json')
      expect([ran.code, ran.code === 0 ? '' : ran.stderr]).toEqual([0, ''])
      expect(JSON.parse(ran.stdout)).toEqual({
        name: 'web',
        changes: [{ setting: flag.slice(2), from: first, to: second }],
        restart: true,
        applied: true,
      })
      expect(ran.stderr).toMatch(/Stopping "web"\.\.\.\nChanging "web"\.\.\.\nStarting "web"\.\.\.\n/)
      expect(changed(from).map(call => call.action)).toEqual(Object.values(of.actions))
      expect(await of.seen(cloud)).toBe(`${second} running`)
      expect([driver().InstanceType, underWay()]).toEqual([second, undefined])
      await survives()
    })

    test('once more is nothing to do', async () => {
      const from = cloud.calls.length
      const ran = await home.cli('modify', 'web', flag, second)
      expect([ran.code, ran.stderr]).toEqual([0, 'nothing had to be changed\n'])
      expect(changed(from)).toEqual([])
    })

    test('no room for it: the machine runs again as it was, and it is said why', async () => {
      const { code, status, says } = of.noRoom
      cloud.faults.add({ action: of.actions.start, times: 1, gives: { code, status, message: 'sold out' } })
      const ran = await home.cli('modify', '-y', 'web', flag, third)
      cloud.faults.clear()
      expect(ran.code).toBe(1)
      expect(ran.stderr).toContain('that failed: the machine is brought back to what it was\n')
      expect(ran.stderr).toMatch(says)
      expect(await of.seen(cloud)).toBe(`${second} running`)
      expect([driver().InstanceType, underWay()]).toEqual([second, undefined])
      await survives()
    })

    test('killed at the stop, at the change and at the start, the same command again goes on', async () => {
      await die(third, of.actions.stop, 'after')
      expect(underWay()).toEqual({ Start: true, Settings: { instanceType: third } })
      await die(third, of.actions.change, 'before')
      expect(await of.seen(cloud)).toBe(`${second} stopped`)
      await die(third, of.actions.change, 'after')
      expect(driver().InstanceType).toBe(second)
      await die(third, of.actions.start, 'before')
      expect(await of.seen(cloud)).toBe(`${third} stopped`)
      await die(third, of.actions.start, 'after')
      await home.ok('modify', '-y', 'web', flag, third)
      expect(await of.seen(cloud)).toBe(`${third} running`)
      expect([driver().InstanceType, underWay()]).toEqual([third, undefined])
      await survives()
    })

    test('one that is off gets the type and stays off', async () => {
      await home.ok('kill', 'web')
      const ran = await home.cli('modify', 'web', flag, first)
      expect([ran.code, ran.stderr]).toEqual([
        0,
        `~ ${flag.slice(2)} ${third} -> ${first}\nthe machine is off, and stays off\nChanging "web"...\nMachine "web" was changed.\n`,
      ])
      expect(await of.seen(cloud)).toBe(`${first} stopped`)
      expect([driver().InstanceType, underWay()]).toEqual([first, undefined])
    })

    test('rm leaves nothing of it', async () => {
      await home.ok('rm', '-y', 'web')
      expect(await home.ok('ls', '-q')).toBe('')
    })
  })
}
