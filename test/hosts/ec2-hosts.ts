/**
 * Hosts of the stand-in EC2 cloud (test/kit/ec2): Debian systems booted by the nspawn driver's functions, whatever the image is
 * called; only the login is the image's. The real cloud-init runs in them, with what the launch gave it: the user is made, the
 * key let in, the user data done, once a life. A public address is a second one on the host's interface: it changes, and goes.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CreateCtx, Ctx } from '../../drivers/driver.ts'
import { createHost } from '../../drivers/nspawn/create.ts'
import type { NspawnConfig } from '../../drivers/nspawn/flags.ts'
import { startHost as bootHost, killHost, removeHost, stopHost } from '../../drivers/nspawn/power.ts'
import { ensureRootfs } from '../../drivers/nspawn/rootfs.ts'
import { readRootSource } from '../../drivers/nspawn/settings.ts'
import { placesOf, type State } from '../../drivers/nspawn/state.ts'
import { type AddressPool, addressPool, type CloudHost, type HostAsk, type HostMaker } from '../kit/cloud/hosts.ts'
import { TEST_STATE, testSubnet } from '../kit/places.ts'
import { plantRuntime } from '../kit/runtime-cache.ts'
import { atExit, execIn } from './host.ts'

const run = promisify(execFile)

/** Options of hosts of any stand-in cloud. */
export interface CloudHostOptions {
  /** Debian release; trixie by default. */
  suite?: 'bookworm' | 'trixie' | 'forky'
  /** As --nspawn-packages. An engine is there by default, so that provisioning is quick; '-docker.io' leaves it out. */
  packages?: string[]
  subnet?: string
}

const NETWORK = 'etc/systemd/network/10-host0.network.d/public.conf'

/** Addresses for outside: the upper end of the subnet; the driver gives out its hosts' from the lower one. */
export function outsideAddresses(subnet: string): AddressPool {
  const net = subnet.replace(/\.0\/24$/, '')
  const all = Array.from({ length: 100 }, (_, i) => `${net}.${150 + i}`)
  return addressPool(all, `no public address is left in ${subnet}`)
}

export function nspawnHosts(options: CloudHostOptions = {}): HostMaker {
  const subnet = options.subnet ?? testSubnet('ec2')
  return {
    ...outsideAddresses(subnet),
    prepare: say => prepareHosts(options, subnet, say),
    make: ask => makeHost(ask, subnet, options, (root, address) => seedEc2(root, ask, address)),
  }
}

function configOf(options: CloudHostOptions, subnet: string, folder: string): NspawnConfig {
  return {
    suite: options.suite ?? 'trixie',
    image: undefined,
    packages: ['cloud-init', ...(options.packages ?? [])],
    mirror: undefined,
    subnet,
    memory: undefined,
    cpus: undefined,
    cacheDir: process.env.MACHINE_NSPAWN_CACHE_DIR ?? '/var/cache/machine',
    stateDir: join(folder, 'state'),
  }
}

/** Makes the root file system, a minute the first time. */
export async function prepareHosts(
  options: CloudHostOptions,
  subnet: string,
  say: (line: string) => void,
): Promise<void> {
  const config = configOf(options, subnet, TEST_STATE)
  let told = false
  const tell: Ctx['say'] = event => {
    if (told || event.type !== 'progress') return
    told = true
    say('making the root file system of the hosts, once on this computer')
  }
  await ensureRootfs(await readRootSource(config), config.cacheDir, { ...UNKNOWN, say: tell })
}

const UNKNOWN: Ctx = {
  name: 'ec2',
  machineDir: '/nonexistent',
  storeId: 'fee1dead',
  env: process.env,
  signal: new AbortController().signal,
  say: () => {},
  point: () => {},
}

/** `seed` writes into the tree what its image and its cloud give a host. */
export async function makeHost(
  { id }: Pick<HostAsk, 'id'>,
  subnet: string,
  options: CloudHostOptions,
  seed: (root: string, address: string) => void,
): Promise<CloudHost> {
  mkdirSync(TEST_STATE, { recursive: true })
  const folder = mkdtempSync(join(TEST_STATE, 'machine-ec2-'))
  const placed = Promise.withResolvers<State>()
  let state: State | undefined
  let publicAddress: string | undefined
  let treeReady = false
  const rootOf = () => (state && treeReady ? placesOf(state).root : undefined)
  const writeNetwork = () => {
    const root = rootOf()
    if (root === undefined) return
    const file = join(root, NETWORK)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, publicAddress === undefined ? '' : `[Network]\nAddress=${publicAddress}/24\n`)
  }
  const ctx: CreateCtx<State> = {
    ...UNKNOWN,
    name: id,
    machineDir: folder,
    // The one moment at which the tree is there and nothing runs in it.
    point: label => {
      if (label !== 'nspawn tree ready' || !state) return
      treeReady = true
      plantRuntime(placesOf(state).root)
      seed(placesOf(state).root, state.IPAddress)
      writeNetwork()
    },
    publicKey: '',
    enginePort: 2376,
    checkpoint: async made => {
      state = made
      if (made.IPAddress !== '') placed.resolve(made)
    },
  }
  const forget = atExit(() => state, folder)
  const made = createHost(configOf(options, subnet, folder), ctx)
  const remove = async () => {
    await made.catch(() => {}) // whoever starts it is told
    forget()
    if (state) await removeHost(state, ctx)
    rmSync(folder, { recursive: true, force: true })
  }
  made.catch(error => placed.reject(error))
  const own = await placed.promise.catch(async error => {
    await remove()
    throw error
  })
  const exec = execIn(own)
  let first = true
  let isUp = false
  return {
    privateAddress: own.IPAddress,
    exec,
    async start() {
      if (first) await made
      else await bootHost(own, ctx)
      first = false
      isUp = true
    },
    async stop(force) {
      isUp = false
      await (force ? killHost(own, ctx) : stopHost(own, ctx))
    },
    async reboot() {
      await exec('systemctl reboot')
    },
    async setPublic(address) {
      const before = publicAddress
      publicAddress = address
      writeNetwork()
      if (before === address) return
      // Whoever had the address before is not to be found under it.
      if (address !== undefined) await run('ip', ['neigh', 'del', address, 'dev', own.Bridge]).catch(() => {})
      if (!isUp) return
      if (before !== undefined) await exec(`ip address del ${before}/24 dev host0`, { ok: true })
      if (address !== undefined) await exec(`ip address add ${address}/24 dev host0`, { ok: true })
    },
    console: () => readFile(placesOf(own).console, 'utf8').catch(() => ''),
    remove: async () => {
      isUp = false
      await remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Seed {
  readonly id: string
  readonly hostName: string
  /** cloud.cfg of the image. */
  readonly settings: object
  readonly publicKey?: string
  readonly userData?: Buffer
}

/** What a cloud image has, and what the cloud tells it about itself. JSON is YAML, but for the shell that looks at the first. */
export function seedCloudInit(root: string, { id, hostName, settings, publicKey, userData }: Seed): void {
  const all = {
    // The host's keys are there already, and known.
    ssh_deletekeys: false,
    preserve_hostname: false,
    network: { config: 'disabled' },
    apt_preserve_sources_list: true,
    ...settings,
  }
  const seed = join(root, 'var/lib/cloud/seed/nocloud')
  mkdirSync(seed, { recursive: true })
  writeFileSync(join(root, 'etc/cloud/cloud.cfg.d/98-machine-test.cfg'), 'datasource_list: [ NoCloud ]\n')
  writeFileSync(join(root, 'etc/cloud/cloud.cfg.d/99-machine-test.cfg'), JSON.stringify(all, undefined, 1))
  writeFileSync(join(root, 'etc/hosts'), `127.0.0.1 localhost\n127.0.1.1 ${hostName}\n::1 localhost ip6-localhost\n`)
  const meta = { 'instance-id': id, 'local-hostname': hostName, ...(publicKey ? { 'public-keys': [publicKey] } : {}) }
  writeFileSync(join(seed, 'meta-data'), JSON.stringify(meta, undefined, 1))
  writeFileSync(join(seed, 'user-data'), userData ?? '')
}

/** The login that images on EC2 make, which may do all with sudo. */
export const loginUser = (name: string, locked: boolean) => ({
  name,
  lock_passwd: locked,
  shell: '/bin/bash',
  groups: ['adm', 'sudo'],
  sudo: ['ALL=(ALL) NOPASSWD:ALL'],
})

function seedEc2(root: string, { user, ...ask }: HostAsk, address: string): void {
  seedCloudInit(root, {
    ...ask,
    hostName: `ip-${address.replaceAll('.', '-')}`,
    settings: { disable_root: true, system_info: { default_user: loginUser(user, true) } },
  })
}
