/**
 * Making a machine: image → disk of the image → VM → its disk and seed → network → start. On record before each thing that
 * stays; the VM is known by a UUID that is ours before VirtualBox hears of it.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import { readUserData } from '../cloud/user-data-file.ts'
import { waitFor } from '../cloud/wait.ts'
import type { CreateCtx } from '../driver.ts'
import { haveImage } from '../local/image-cache.ts'
import { imageSource } from '../local/image-source.ts'
import { macFrom } from '../local/network-config.ts'
import { addressOf } from './address.ts'
import { haveBaseDisk } from './base-disk.ts'
import { makeDisk } from './disk.ts'
import type { VirtualBoxConfig } from './flags.ts'
import { createArgs, type Hardware, modifyArgs, ofVm, storageArgs } from './hardware.ts'
import { infoOf } from './inspect.ts'
import { startVm } from './power.ts'
import { reserveAddress } from './reservations.ts'
import { vbox } from './run.ts'
import { seedFor } from './seed.ts'
import { type Settings, settingsOf } from './settings.ts'
import { type Share, shareOf } from './share.ts'
import { type State, vmOf } from './state.ts'
import { versionOf } from './version.ts'

/** The first boot of a cloud image, on a slow computer. */
const ADDRESS_MS = 300_000
/** VirtualBox's own range of MAC addresses. */
const OUI = '080027'

export async function createVm(config: VirtualBoxConfig, ctx: CreateCtx<State>): Promise<State> {
  const settings = settingsOf(config, ctx.env)
  const share = await shareOf(settings.share)
  const version = await versionOf(ctx)
  const state = await firstState(settings, share, config, ctx)
  await ctx.checkpoint(state)

  const image = await haveImage(await imageSource(settings.image, ctx), settings.imageDir, ctx)
  const base = await haveBaseDisk(image, settings.diskMb, settings.imageDir, ctx)
  state.Image = image.name
  if (settings.linked) state.BaseDisk = base

  await makeVm({ settings, state, version, arch: process.arch }, ctx)
  await giveStorage(base, settings, share, state, ctx)
  ctx.say({ type: 'progress', text: 'starting the VM' })
  await startVm(state, ctx)
  await ctx.checkpoint(state)
  state.IPAddress = await firstAddress(state, ctx)
  await ctx.checkpoint(state)
  return state
}

async function firstState(
  s: Settings,
  share: Share | undefined,
  config: VirtualBoxConfig,
  ctx: CreateCtx<State>,
): Promise<State> {
  const vm = randomUUID()
  return {
    IPAddress: '',
    MachineName: ctx.name,
    SSHUser: s.sshUser,
    SSHPort: 0,
    CPU: s.cpus,
    Memory: s.memoryMb,
    DiskSize: s.diskMb,
    NatNicType: s.natCard,
    Boot2DockerURL: '',
    Boot2DockerImportVM: '',
    HostDNSResolver: s.dns.hostResolver,
    HostOnlyCIDR: config.hostonlyCidr,
    HostOnlyNicType: s.hostOnlyCard,
    HostOnlyPromiscMode: config.hostonlyNicpromisc,
    UIType: config.uiType,
    HostOnlyNoDHCP: !s.dhcp,
    NoShare: share === undefined,
    DNSProxy: s.dns.proxy,
    NoVTXCheck: config.noVtxCheck ?? false,
    ShareFolder: config.shareFolder ?? '',
    VMId: vm,
    NatMac: macFrom(OUI, randomBytes(3)),
    HostOnlyMac: macFrom(OUI, randomBytes(3)),
    HostOnlyAddress: s.dhcp && !s.address ? '' : await reserveAddress(s.address, s.net, vm, ctx),
    Disk: join(ctx.machineDir, 'disk.vdi'),
    BaseDisk: '',
    StopTimeout: s.stopSeconds,
  }
}

async function makeVm(hardware: Hardware, ctx: CreateCtx<State>): Promise<void> {
  const { state } = hardware
  await ctx.checkpoint(state)
  ctx.say({ type: 'progress', text: 'making the VM' })
  await vbox(createArgs(hardware, ctx.machineDir), ctx, { doing: 'make the VM' })
  ctx.point('virtualbox vm made')
  const settings = modifyArgs(hardware, join(ctx.machineDir, 'console.log'))
  await vbox(['modifyvm', vmOf(state), ...settings], ctx, { doing: 'configure the VM' })
  ctx.point('virtualbox vm configured')
}

async function giveStorage(
  base: string,
  settings: Settings,
  share: Share | undefined,
  state: State,
  ctx: CreateCtx<State>,
): Promise<void> {
  const [vm, disk] = [vmOf(state), state.Disk as string]
  const theirs = settings.userDataFile && (await readUserData(settings.userDataFile, USERDATA_FLAG))
  const seed = join(ctx.machineDir, 'seed.iso')
  // A person's user data may hold what is nobody else's.
  await writeFile(seed, seedFor(state, settings.net, ctx.publicKey, share, theirs || undefined), { mode: 0o600 })
  await makeDisk(base, disk, settings.linked, ctx)
  for (const args of storageArgs(disk, seed, process.arch)) {
    await vbox(ofVm(args, vm), ctx, { doing: 'attach its disk' })
    ctx.point(`virtualbox ${args[0]}`)
  }
  if (share) await giveShare(share, vm, ctx)
}

async function giveShare({ name, folder }: Share, vm: string, ctx: CreateCtx<State>): Promise<void> {
  const where = ['--name', name, '--hostpath', folder, '--automount']
  await vbox(['sharedfolder', 'add', vm, ...where], ctx, { doing: `share ${folder}` })
  // As Docker Machine: links inside are made as links.
  const links = `VBoxInternal2/SharedFoldersEnableSymlinksCreate/${name}`
  await vbox(['setextradata', vm, links, '1'], ctx, { doing: `share ${folder}` })
  ctx.point('virtualbox folder shared')
}

export const USERDATA_FLAG = '--virtualbox-userdata or VIRTUALBOX_USERDATA'

async function firstAddress(state: State, ctx: CreateCtx<State>): Promise<string> {
  ctx.say({ type: 'progress', text: 'waiting for its address' })
  const look = async () => {
    const info = await infoOf(state, ctx)
    if (info && info.get('VMState') !== 'running')
      throw new MachineError('VBOX_STOPPED', `the VM went off while it booted (${info.get('VMState')})`, {
        hints: [
          `its console: ${join(ctx.machineDir, 'console.log')}`,
          'VirtualBox’s own log lies in the folder Logs beside it',
        ],
      })
    return info && (await addressOf(state, info, ctx))
  }
  const address = await waitFor(look, { signal: ctx.signal, deadlineMs: ADDRESS_MS, firstMs: 500, mostMs: 2000 })
  if (address !== undefined) return address
  throw new MachineError(
    'VBOX_ADDRESS',
    `the host has no address in the host-only network after ${ADDRESS_MS / 1000} s`,
    {
      hints: [
        `did the image boot, and does it know cloud-init? Its console: ${join(ctx.machineDir, 'console.log')}`,
        'another DHCP server may be in the way: --virtualbox-hostonly-address gives it a fixed address',
      ],
    },
  )
}
