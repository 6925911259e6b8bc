/** What happens to a machine while it runs: its guest, its ports of NAT, its addresses, its log. */
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeedsInTurn } from '../cloud/deeds-in-turn.ts'
import type { Box } from './box.ts'
import type { Link, VmHost } from './hosts.ts'
import { giveLease, linkName, writeAppleLeases } from './leases.ts'
import { prefixOf } from './networks-conf.ts'
import { type Relay, startRelay } from './relay.ts'
import { colons, findSeed, wishFor } from './seed.ts'
import type { Forward, Vm } from './world.ts'

export class Life {
  readonly #box: Box
  readonly #vm: Vm
  readonly #deeds = new DeedsInTurn()
  #host: VmHost | undefined
  #relays: { slot: string; rule: Forward; relay: Relay }[] = []
  /** Whether the guest has come up since it was last started: it heeds its power button from then on. */
  #isBooted = false
  /** Counts starts and ends: what was meant for an earlier run does nothing. */
  #run = 0

  constructor(box: Box, vm: Vm) {
    this.#box = box
    this.#vm = vm
  }

  get host(): VmHost | undefined {
    return this.#host
  }

  get isBooted(): boolean {
    return this.#isBooted
  }

  get relays(): readonly Relay[] {
    return this.#relays.map(({ relay }) => relay)
  }

  log(text: string): void {
    const folder = join(dirname(this.#vm.settingsFile), 'Logs')
    mkdirSync(folder, { recursive: true })
    appendFileSync(join(folder, 'VBox.log'), `${text.replace(/^/gm, '00:00:01.000000 ')}\n`)
  }

  /** Its process is there, and the guest boots by and by. */
  async start(): Promise<void> {
    const { state } = this.#vm
    this.#box.setState(this.#vm, state === 'saved' ? 'restoring' : 'starting')
    this.#run += 1
    this.#isBooted = false
    this.log(
      `VirtualBox VM ${this.#box.it.release}\nGuest OS type: '${this.#vm.osType}'\nChanging the VM state from 'CREATED' to 'POWERING_ON'`,
    )
    for (const [slot, { kind, cable, forwards }] of Object.entries(this.#vm.nics))
      if (kind === 'nat' && cable) for (const rule of forwards) await this.forward(slot, rule)
    this.#box.setState(this.#vm, 'running')
    this.log("Changing the VM state from 'STARTING' to 'RUNNING'")
    this.#boot(this.#run)
  }

  #boot(run: number): void {
    const { maker } = this.#box
    this.#deeds.add(
      async () => {
        if (run !== this.#run) return
        const seed = findSeed(this.#vm, this.#box.world, line => this.log(`guest: ${line}`))
        const links = this.#links(seed)
        if (this.#box.it.platform === 'macos') writeAppleLeases(join(this.#box.folder, 'dhcpd_leases'), this.#box.world)
        this.#host ??= maker?.make(this.#vm.uuid)
        await this.#host?.boot(seed, links)
        this.#isBooted = run === this.#run
      },
      async error => {
        const text = `the guest of ${this.#vm.name} did not boot: ${error instanceof Error ? error.message : error}`
        this.#box.complaints.push(text)
        this.log(text)
        if (run === this.#run) await this.#end('aborted')
      },
    )
  }

  #links(seed: ReturnType<typeof findSeed>): Link[] {
    const { world, leaseOffset } = this.#box
    const plugged = Object.entries(this.#vm.nics).filter(([, { kind }]) => kind !== 'none')
    const first = plugged.find(([, { cable }]) => cable)?.[0]
    return plugged.map(([slot, nic]) => {
      const name = linkName(slot)
      const wish = nic.cable ? wishFor(seed, nic, name, slot === first) : { dhcp: false, addresses: [] }
      const addresses = [...wish.addresses]
      if (wish.dhcp && nic.kind === 'nat') addresses.push('10.0.2.15/24')
      const lease = wish.dhcp ? giveLease(world, this.#vm, slot, leaseOffset) : undefined
      const server = world.dhcpServers.find(({ network }) => network === lease?.network)
      if (lease) addresses.push(`${lease.ip}/${prefixOf(server?.mask ?? '') ?? 24}`)
      return { name, mac: colons(nic.mac), addresses, reachable: this.#isPlugged(nic.kind, nic.plugged) }
    })
  }

  /** Only with an address of its own does this computer reach the guests of an interface. */
  #isPlugged(kind: string, plugged: Readonly<Record<string, string>>): boolean {
    const { hostOnlyIfs, hostOnlyNets } = this.#box.world
    if (kind === 'hostonly') return hostOnlyIfs.some(({ name, ip }) => name === plugged.hostonly && ip !== '0.0.0.0')
    return (
      kind === 'hostonlynetwork' &&
      hostOnlyNets.some(({ name, enabled }) => name === plugged.hostonlynetwork && enabled)
    )
  }

  /** A port of NAT from now on; one that cannot be had is noted in the log only, as the real one does. */
  async forward(slot: string, rule: Forward): Promise<void> {
    if (rule.protocol !== 'tcp') return
    const where = () => {
      if (this.#vm.state === 'paused') return 'paused'
      const address = this.#vm.state === 'running' ? this.#host?.address : undefined
      return address === undefined ? 'nobody' : { address, port: rule.guestPort }
    }
    try {
      const relay = await startRelay(rule.hostIp, rule.hostPort, where)
      this.#relays.push({ slot, rule, relay })
    } catch (error) {
      this.log(
        `NAT: Failed to redirect TCP ${rule.hostIp}:${rule.hostPort} -> 0.0.0.0:${rule.guestPort} (${error instanceof Error ? error.message : error})`,
      )
    }
  }

  async unforward(slot: string, name: string): Promise<void> {
    const [gone, kept] = [true, false].map(is =>
      this.#relays.filter(each => (each.slot === slot && each.rule.name === name) === is),
    )
    this.#relays = kept ?? []
    for (const { relay } of gone ?? []) await relay.close()
  }

  /** The guest shuts down by itself, if it is up and heeds it. */
  pressPower(): void {
    const run = this.#run
    this.#deeds.add(
      async () => {
        if (run !== this.#run || this.#box.deaf.has(this.#vm.uuid)) return
        if (this.#box.maker && !this.#isBooted) {
          this.log('guest: nobody heeds the power button yet')
          return
        }
        await sleep(this.#box.delays.acpiMs)
        if (run !== this.#run || this.#vm.state !== 'running') return
        await this.#host?.stop(false)
        if (run === this.#run) await this.#end('poweroff')
      },
      error => void this.#box.complaints.push(`power button of ${this.#vm.name}: ${error}`),
    )
  }

  /** The plug is pulled; `state` is what it comes to. */
  async pullPlug(state: 'poweroff' | 'aborted' | 'saved'): Promise<void> {
    const wasBooted = this.#isBooted
    this.#run += 1
    this.#isBooted = false
    await this.#closeRelays()
    if (state === 'poweroff') this.#box.setState(this.#vm, 'stopping')
    if (wasBooted) await this.#host?.stop(true)
    else this.#kill()
    await this.#end(state)
  }

  /** Off and on again, at once. */
  reset(): void {
    this.#run += 1
    this.#isBooted = false
    this.#kill()
    this.#boot(this.#run)
  }

  /** As soon as it has booted, if it is about to: nobody waits for that. */
  #kill(): void {
    this.#deeds.add(
      async () => {
        if (this.#host?.isUp()) await this.#host.stop(true)
      },
      error => void this.#box.complaints.push(`pulling the plug of ${this.#vm.name}: ${error}`),
    )
  }

  async #end(state: 'poweroff' | 'aborted' | 'saved'): Promise<void> {
    this.#run += 1
    this.#isBooted = false
    await this.#closeRelays()
    this.log(`Changing the VM state from 'RUNNING' to '${state.toUpperCase()}'`)
    this.#box.setState(this.#vm, state)
    this.#vm.folders = this.#vm.folders.filter(({ transient }) => !transient)
    this.#box.save()
  }

  async #closeRelays(): Promise<void> {
    for (const { relay } of this.#relays.splice(0)) await relay.close()
  }

  /** A guest that has switched itself off. */
  async notice(): Promise<void> {
    if (this.#vm.state === 'running' && this.#isBooted && this.#host && !this.#host.isUp()) await this.#end('poweroff')
  }

  /** Resolves when nothing goes on by itself. */
  async settled(): Promise<void> {
    await this.#deeds.settled()
  }

  /** Its disks are gone: nobody is left of the guest. */
  async forget(): Promise<void> {
    await this.#deeds.settled()
    const host = this.#host
    this.#host = undefined
    await host?.remove()
  }

  async dispose(): Promise<void> {
    this.#run += 1
    await this.#closeRelays()
    await this.forget()
  }
}
