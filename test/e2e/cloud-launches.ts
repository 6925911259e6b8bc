/** Creates that end once a cloud has launched: what boots is of no interest where there are no hosts. */
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Home, type Ran, startHome } from '../kit/cli.ts'

export interface Launched {
  readonly ran: Ran
  /** `Driver` of the record as it was left. */
  readonly driver: Record<string, unknown>
}

/** Makes `launched`: a create, cut off as soon as the launched instance is on record; it throws what was said when it ended before. */
export const launchedBy =
  (driverName: string) =>
  async (
    home: Home,
    name: string,
    flags: readonly string[] = [],
    env: Record<string, string | undefined> = {},
  ): Promise<Launched> => {
    const file = join(home.store, 'machines', name, 'config.json')
    const driver = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).Driver : {})
    let pid = 0
    let over = false
    const onStart = (started: number) => {
      pid = started
    }
    const creating = home.cliWith({ env, onStart }, 'create', '-d', driverName, ...flags, name).finally(() => {
      over = true
    })
    while (!over && !driver().InstanceId) await sleep(30)
    if (!over) process.kill(pid, 'SIGKILL')
    const ran = await creating
    if (!driver().InstanceId) throw new Error(`create ${flags.join(' ')} launched nothing:\n${ran.stdout}${ran.stderr}`)
    return { ran, driver: driver() }
  }

/** A home whose machines nobody removes: the cloud takes all with it. */
export async function startCloudHome(env: Record<string, string | undefined>): Promise<Home> {
  const home = await startHome(env)
  return {
    ...home,
    [Symbol.asyncDispose]: async () => {
      await rm(home.path, { recursive: true, force: true })
    },
  }
}
