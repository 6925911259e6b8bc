/** What can be seen before anything is made; changes nothing. */
import { access, constants, stat, statfs } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { dirname, isAbsolute, relative } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import { readUserData } from '../cloud/user-data-file.ts'
import type { Ctx } from '../driver.ts'
import { imageSource } from '../local/image-source.ts'
import { USERDATA_FLAG } from './create.ts'
import type { VirtualBoxConfig } from './flags.ts'
import { hasNetworks } from './host-only.ts'
import { interfaceOf, listInterfaces, rangeRefused } from './host-only-if.ts'
import { type Listed, readMachine, readVms } from './listings.ts'
import { overlap, rangeOf } from './network.ts'
import { isAllowed } from './networks-conf.ts'
import { networksFolder } from './networks-lock.ts'
import { REMEDIES } from './problems.ts'
import { vbox } from './run.ts'
import { type Settings, settingsOf } from './settings.ts'
import { shareOf } from './share.ts'
import { isAtLeast, type Version, versionOf } from './version.ts'

/** What an image and a machine take to begin with, in bytes. */
const ROOM = 3 * 1024 ** 3

export async function preflight(config: VirtualBoxConfig, ctx: Ctx): Promise<void> {
  const settings = settingsOf(config, ctx.env)
  await shareOf(settings.share)
  if (settings.userDataFile) await readUserData(settings.userDataFile, USERDATA_FLAG)
  await imageSource(settings.image, ctx)
  const version = await versionOf(ctx)
  if (process.arch === 'arm64' && !isAtLeast(version, 7, 1))
    throw new MachineError('VBOX_OLD', `VirtualBox ${version.join('.')} has no machines for ARM`, {
      hints: ['install VirtualBox 7.1 or newer'],
    })
  if (!config.noVtxCheck) await checkCpu(ctx)
  await checkName(ctx)
  await checkNetwork(settings, version, ctx)
  await checkRoom(settings.imageDir, '--virtualbox-image-dir')
  await checkRoom(ctx.machineDir, '--storage-path')
  await checkFolder(networksFolder(ctx.env), 'HOME or XDG_DATA_HOME')
}

async function checkCpu(ctx: Ctx): Promise<void> {
  const said = await vbox(['list', 'hostinfo'], ctx, { doing: 'look at this computer' })
  if (!/^Processor supports HW virtualization:\s*no\s*$/m.test(said)) return
  const hyperv = process.platform === 'win32' ? REMEDIES.hyperv : []
  throw new MachineError('VBOX_VTX', 'VirtualBox finds no virtualization (VT-x, AMD-V) in the CPU of this computer', {
    hints: [...REMEDIES.firmware, ...hyperv, '--virtualbox-no-vtx-check goes on all the same'],
  })
}

async function checkName(ctx: Ctx): Promise<void> {
  const vms = readVms(await vbox(['list', 'vms'], ctx, { doing: 'list its VMs' }))
  const taken = vms.find(({ name }) => name.toLowerCase() === ctx.name.toLowerCase())
  if (!taken || (await isOwn(taken.id, ctx))) return
  throw new MachineError('VBOX_NAME', `VirtualBox has a VM called "${taken.name}" already`, {
    hints: ['choose another name for the machine', `or remove that VM: VBoxManage unregistervm ${taken.id} --delete`],
  })
}

/** Whether the VM lies in this machine's folder: an interrupted create made it, and `--resume` goes on from there. */
async function isOwn(vm: string, ctx: Ctx): Promise<boolean> {
  const info = readMachine(await vbox(['showvminfo', vm, '--machinereadable'], ctx, { doing: 'look at the VM' }))
  const from = relative(ctx.machineDir, info.get('CfgFile') ?? '/')
  return from !== '' && !from.startsWith('..') && !isAbsolute(from)
}

async function checkNetwork({ net }: Settings, version: Version, ctx: Ctx): Promise<void> {
  if (hasNetworks(version)) return
  const listed = await listInterfaces(ctx)
  if (interfaceOf(net, listed) !== undefined) return
  if (!(await isAllowed(net, version))) throw rangeRefused(net)
  const taken = othersOf(listed).find(({ cidr }) => overlap(rangeOf(cidr) ?? { base: -1, last: -1 }, net))
  if (!taken) return
  throw new MachineError(
    'VBOX_NETWORK',
    `this computer has ${taken.cidr} on ${taken.name}, where the host-only network would lie`,
    {
      hints: ['choose another with --virtualbox-hostonly-cidr, as 192.168.60.1/24'],
    },
  )
}

/** Addresses of this computer that are not VirtualBox's. */
function othersOf(listed: readonly Listed[]): { name: string; cidr: string }[] {
  const own = new Set(listed.map(each => each.get('IPAddress')))
  return Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all.flatMap(({ family, address, cidr }) =>
      family === 'IPv4' && cidr && !own.has(address) ? [{ name, cidr }] : [],
    ),
  )
}

async function checkRoom(path: string, flag: string): Promise<void> {
  const { bavail, bsize } = await statfs(await checkFolder(path, flag))
  if (bavail * bsize >= ROOM) return
  const free = Math.floor((bavail * bsize) / 1024 ** 2)
  throw new MachineError(
    'VBOX_DISK_FULL',
    `only ${free} MB are free for ${path}, a machine needs ${ROOM / 1024 ** 2}`,
    {
      hints: [`free some space, or name another folder with ${flag}`],
    },
  )
}

/** What there is of a folder's path. Throws where the rest could not be made in it. */
async function checkFolder(path: string, flag: string): Promise<string> {
  const there = await nearestThere(path)
  const isOpen = await access(there, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (isOpen && (await stat(there)).isDirectory()) return there
  throw new MachineError(
    'VBOX_FOLDER',
    `nothing can be written to ${path}: ${there} is no folder that is open to you`,
    {
      hints: [`name another folder with ${flag}`],
    },
  )
}

async function nearestThere(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  return there || dirname(path) === path ? path : nearestThere(dirname(path))
}
