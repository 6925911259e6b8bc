/**
 * Guests of the stand-in VirtualBox (test/kit/virtualbox): Debian systems booted by the nspawn driver's functions, with the real
 * cloud-init, which does the user data of the disc in the machine's drive at every boot anew, as it would of a real one. What
 * the container's own card is, nobody asks: cards of the names and addresses a real guest would have lie beside it, and this
 * computer reaches a host-only address by a route of its own to it.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseSubnet } from '../../drivers/nspawn/subnet.ts'
import type { CloudHost } from '../kit/cloud/hosts.ts'
import { testSubnet } from '../kit/places.ts'
import type { Link, Seed, VmHost, VmHostMaker } from '../kit/virtualbox/hosts.ts'
import { type CloudHostOptions, loginUser, makeHost, prepareHosts } from './ec2-hosts.ts'

const run = promisify(execFile)

export interface VmHostOptions extends CloudHostOptions {
  /** Login of the image: ubuntu by default. */
  user?: string
}

export function nspawnHosts(options: VmHostOptions = {}): VmHostMaker {
  const subnet = options.subnet ?? testSubnet('virtualbox')
  return {
    prepare: say => prepareHosts(options, subnet, say),
    make: id => new Guest(`vm-${id.slice(0, 8)}`, subnet, options),
  }
}

/** Until sshd listens: then it has come so far that it heeds its power button. */
const LISTENING = `for i in $(seq 900); do
  grep -q ':0016 [0-9A-F]*:0000 0A ' /proc/net/tcp && exit 0
  sleep 0.1
done
echo 'sshd does not listen after 90 s' >&2; exit 1`

class Guest implements VmHost {
  readonly #id: string
  readonly #subnet: string
  readonly #options: VmHostOptions
  #host: CloudHost | undefined
  #root: string | undefined
  #routes: string[] = []

  constructor(id: string, subnet: string, options: VmHostOptions) {
    this.#id = id
    this.#subnet = subnet
    this.#options = options
  }

  get address(): string | undefined {
    return this.#host?.privateAddress
  }

  async boot(seed: Seed | undefined, links: readonly Link[]): Promise<void> {
    const root = this.#root
    if (root === undefined) {
      this.#host = await makeHost({ id: this.#id }, this.#subnet, this.#options, tree => {
        this.#root = tree
        writeImage(tree, this.#options.user ?? 'ubuntu')
        writeGuest(tree, seed, links)
      })
    } else writeGuest(root, seed, links)
    await this.#host?.start()
    await this.#host?.exec(LISTENING)
    for (const { addresses, reachable } of links) if (reachable) for (const each of addresses) await this.#route(each)
  }

  async #route(cidr: string): Promise<void> {
    const address = cidr.replace(/\/.*/, '')
    const { bridge } = parseSubnet(this.#subnet)
    // Added, not replaced: two runs side by side with one address would reach each other's guests.
    await run('ip', ['route', 'add', `${address}/32`, 'dev', bridge]).catch(error => {
      throw new Error(
        `this computer has a route to ${address} already: another test's guest has it, take another network`,
        {
          cause: error,
        },
      )
    })
    this.#routes.push(address)
    await run('ip', ['neigh', 'del', address, 'dev', bridge]).catch(() => {})
  }

  async #unroute(): Promise<void> {
    const { bridge } = parseSubnet(this.#subnet)
    for (const address of this.#routes.splice(0))
      await run('ip', ['route', 'del', `${address}/32`, 'dev', bridge]).catch(() => {})
  }

  async stop(force: boolean): Promise<void> {
    await this.#host?.stop(force)
    await this.#unroute()
  }

  /** By the process the driver has noted down beside the tree. */
  isUp(): boolean {
    if (this.#root === undefined) return false
    try {
      const [pid = ''] = readFileSync(join(this.#root, '../../pid'), 'utf8').split(' ')
      return pid !== '' && existsSync(`/proc/${pid}/task/${pid}/children`)
    } catch {
      return false
    }
  }

  async console(): Promise<string> {
    return (await this.#host?.console()) ?? ''
  }

  async exec(command: string): Promise<string> {
    if (!this.#host) throw new Error('it has not booted yet')
    return this.#host.exec(command)
  }

  async remove(): Promise<void> {
    await this.#unroute()
    await this.#host?.remove()
    this.#host = undefined
    this.#root = undefined
  }
}

/** What a cloud image brings: cloud-init that looks for a disc, and a login nobody gets into without it. */
function writeImage(root: string, user: string): void {
  const config = {
    disable_root: true,
    ssh_pwauth: false,
    // The host's keys are there already, and known.
    ssh_deletekeys: false,
    preserve_hostname: false,
    network: { config: 'disabled' },
    apt_preserve_sources_list: true,
    system_info: { default_user: loginUser(user, true) },
  }
  const folder = join(root, 'etc/cloud/cloud.cfg.d')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, '98-machine-test.cfg'), 'datasource_list: [ NoCloud, None ]\n')
  writeFileSync(join(folder, '99-machine-test.cfg'), JSON.stringify(config, undefined, 1))
  const units = join(root, 'etc/systemd/system')
  mkdirSync(join(units, 'sysinit.target.wants'), { recursive: true })
  mkdirSync(join(root, 'usr/local/lib'), { recursive: true })
  writeFileSync(join(units, 'machine-test-links.service'), UNIT)
  symlinkSync('../machine-test-links.service', join(units, 'sysinit.target.wants/machine-test-links.service'))
}

const UNIT = `[Unit]
Description=Network cards of the stand-in VirtualBox
DefaultDependencies=no
After=systemd-remount-fs.service
Before=cloud-init-local.service network-pre.target sysinit.target
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/machine-test-links
`

/** What this boot finds: the disc's files, where cloud-init takes them from without a disc, and the cards. */
function writeGuest(root: string, seed: Seed | undefined, links: readonly Link[]): void {
  const folder = join(root, 'var/lib/cloud/seed/nocloud')
  rmSync(folder, { recursive: true, force: true })
  if (seed) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'user-data'), seed.userData)
    writeFileSync(join(folder, 'meta-data'), seed.metaData)
    if (seed.vendorData) writeFileSync(join(folder, 'vendor-data'), seed.vendorData)
  }
  // A dummy where the kernel has one, else a bridge that nothing is on: both hold addresses.
  const lines = links.map(({ name, mac, addresses }) =>
    [
      `ip link add ${name} address ${mac} type dummy || ip link add ${name} address ${mac} type bridge`,
      ...addresses.map(address => `ip address add ${address} dev ${name} noprefixroute`),
      `ip link set ${name} up`,
    ].join('\n'),
  )
  writeFileSync(join(root, 'usr/local/lib/machine-test-links'), `#!/bin/sh\n${lines.join('\n')}\nexit 0\n`, {
    mode: 0o755,
  })
}
