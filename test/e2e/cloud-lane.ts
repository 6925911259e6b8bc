/** An account at a stand-in cloud and a home of its own, in which runs of the CLI are killed. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import type { Call } from '../kit/cloud/calls.ts'
import { callsOf, type Doom, type Doomed, runDoomed } from '../kit/cloud/doomed.ts'
import { longAgo } from '../kit/cloud/records.ts'
import type { StandIn } from '../kit/cloud/stand-in.ts'

interface Crashing extends StandIn {
  readonly calls: readonly Call[]
  /** What a cloud lets pass, though no good client sends it. */
  readonly complaints?: readonly string[]
  left(): string[] | Promise<string[]>
}

/** The machine is called "crashed". */
export class Lane<C extends Crashing> implements AsyncDisposable {
  readonly cloud: C
  readonly home: Home

  constructor(cloud: C, home: Home) {
    this.cloud = cloud
    this.home = home
  }

  static async open<C extends Crashing>(started: Promise<C>): Promise<Lane<C>> {
    const cloud = await started
    const home = await startHome(cloud.env)
    await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'first') // a store with certificates
    await home.ok('rm', '-y', 'first')
    return new Lane(cloud, home)
  }

  get record(): string {
    return join(this.home.store, 'machines/crashed/config.json')
  }

  run(args: readonly string[], doom?: Parameters<typeof runDoomed>[3]): Promise<Doomed> {
    return runDoomed(this.home, this.cloud, args, doom)
  }

  /** Runs the command, which must die at that call, and that call be the one of this label. */
  async die(doom: Doom & { readonly label?: string }, args: readonly string[]): Promise<Doomed> {
    const ran = await this.run(args, doom)
    const reached = doom.action ?? callsOf(ran)[doom.n - 1]
    expect({ killed: this.cloud.killed, code: ran.code, reached, said: ran.text }).toMatchObject({
      killed: true,
      code: -1,
      reached: doom.label ?? expect.any(String),
    })
    return ran
  }

  /** rm waits for half a minute until it believes that the cloud never heard of what was asked for: as if that had passed. */
  passTime(): void {
    const text = JSON.parse(readFileSync(this.record, 'utf8'))
    writeFileSync(this.record, JSON.stringify({ ...text, Driver: longAgo(text.Driver) }))
  }

  loseRecord(): void {
    rmSync(join(this.record, '..'), { recursive: true })
  }

  /** What lies in the store of machines. */
  remains(): string[] {
    return ['machines', 'locks'].flatMap(folder => {
      const path = join(this.home.store, folder)
      return existsSync(path) ? readdirSync(path) : []
    })
  }

  async isClean(): Promise<void> {
    await this.cloud.settled()
    expect([await this.cloud.left(), this.remains(), this.cloud.complaints ?? []]).toEqual([[], [], []])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.home[Symbol.asyncDispose]()
    await this.cloud[Symbol.asyncDispose]()
  }
}
