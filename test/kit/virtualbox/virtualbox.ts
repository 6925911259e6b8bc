/**
 * A VirtualBox that stands in for the real one, which needs kernel modules no test has: VBoxManage as a program, with all that
 * it keeps in this process. Written after the manual and the sources of 6.1, 7.0, 7.1 and 7.2, by nobody who wrote the driver:
 * it checks every word against the grammar of its release, refuses what the real one refuses, and prints what that prints, as
 * far as either is known.
 *
 * A machine's guest is a Debian in a container (makeHost), which boots from the disc labelled cidata that is in its drive: the
 * real cloud-init does that disc's user data. Ports of NAT lead there, and host-only addresses do.
 *
 * What it cannot prove: that a hypervisor starts on somebody's computer (KVM in the way, Hyper-V, Secure Boot, macOS' consent);
 * that an image boots, or has cloud-init in it, or grows its partition to its disk's size; that contents of disks are kept by
 * snapshots, clones and saved states (guests here are not in those files: a saved machine boots anew, a paused one's guest only
 * loses its ports); that a guest takes its network settings as cloud-init would write them (it has the addresses those ask for,
 * by other means, and its way out is not NAT's); shared folders (they are written down, and not mounted); texts for which
 * neither manual nor sources nor a report had the words (line numbers and some of the rarer refusals are guesses). Nothing here
 * runs on macOS, Windows or ARM.
 */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lane } from '../places.ts'
import { Box } from './box.ts'
import type { CallSeen } from './call.ts'
import { usualComputer } from './commands/list.ts'
import { Faults } from './faults.ts'
import { listThings } from './left.ts'
import type { Ran, VirtualBoxOptions, VirtualBoxStandIn, VmNow } from './seen.ts'
import { serve } from './server.ts'
import { atLeast } from './versions.ts'
import type { Vm } from './world.ts'

export type { VirtualBoxOptions, VirtualBoxStandIn } from './seen.ts'

const CLIENT = join(import.meta.dirname, 'client.cjs')

/** Makes VBoxManage, and the name in small letters that packages of Linux have besides. */
function writeLauncher(folder: string, socket: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'VBoxManage')
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  writeFileSync(file, `#!/bin/sh\nexec ${[process.execPath, CLIENT, socket].map(quote).join(' ')} "$@"\n`)
  chmodSync(file, 0o755)
  symlinkSync('VBoxManage', join(folder, 'vboxmanage'))
  return file
}

function viewOf(box: Box, vm: Vm): VmNow {
  const life = box.lives.get(vm.uuid)
  const macs = new Set(Object.values(vm.nics).map(({ mac }) => mac))
  return {
    name: vm.name,
    uuid: vm.uuid,
    state: vm.state,
    isBooted: life?.isBooted ?? false,
    host: life?.host,
    leases: box.world.leases.filter(({ mac }) => macs.has(mac)).map(({ ip }) => ip),
  }
}

export async function startVirtualBox(options: VirtualBoxOptions = {}): Promise<VirtualBoxStandIn> {
  const { release = '7.0', platform = 'linux', architecture = 'x86', say = () => {}, makeHost } = options
  if (architecture === 'arm' && !atLeast({ release }, '7.1'))
    throw new Error(`VirtualBox ${release} is not made for ARM`)
  await makeHost?.prepare(say)
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'machine-vbox-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const box = new Box({ release, platform, architecture }, folder, {
    computer: { ...usualComputer(), vtx: true, locale: 'en', ...options.computer },
    delays: { acpiMs: 200, unlockMs: 300, ...options.delays },
    maker: makeHost,
    say,
    // Workers of one run, and runs side by side, take different parts of the ranges of DHCP servers.
    leaseOffset: 12 * lane,
  })
  stack.defer(() => box.dispose())
  const faults = new Faults()
  const calls: CallSeen[] = []
  let point: { left: number; when: 'before' | 'after'; kill: () => void } | undefined
  let killed = false
  const strikes = (when: 'before' | 'after') => {
    if (point?.when !== when || point.left !== 0) return false
    killed = true
    point.kill()
    point = undefined
    return true
  }
  const socket = join(folder, 'socket')
  stack.use(
    await serve(socket, {
      box,
      faults,
      before() {
        if (point) point.left -= 1
        return !strikes('before')
      },
      after(seen) {
        calls.push(seen)
        strikes('after')
      },
    }),
  )
  const aside = join(folder, 'aside')
  stack.use(await serve(aside, { box, faults: new Faults(), before: () => true, after: () => {} }))
  const bin = join(folder, 'bin')
  writeLauncher(bin, socket)
  const own = writeLauncher(join(folder, 'own-bin'), aside)
  let fresh = new Set<string>()
  const left = () => listThings(box).filter(thing => !fresh.has(thing))
  const setNetworksConf = (text: string | undefined) => {
    if (text === undefined) rmSync(box.networksConf, { force: true })
    else writeFileSync(box.networksConf, text)
  }
  if (options.networksConf !== undefined) setNetworksConf(options.networksConf)
  const end = stack.move()
  return {
    folder,
    bin,
    env: { PATH: `${bin}:${process.env.PATH}`, VBOX_USER_HOME: folder },
    calls,
    complaints: box.complaints,
    faults,
    computer: box.computer,
    delays: box.delays,
    get killed() {
      return killed
    },
    killAt(n, when, kill) {
      point = { left: n, when, kill }
    },
    machines: () => box.world.vms.filter(({ registered }) => registered).map(vm => viewOf(box, vm)),
    left,
    markFresh() {
      fresh = new Set(listThings(box))
    },
    async settled() {
      for (const life of box.lives.values()) await life.settled()
    },
    setDeaf(name, deaf) {
      const { uuid } = box.findVm(name)
      if (deaf) box.deaf.add(uuid)
      else box.deaf.delete(uuid)
    },
    crash: name => box.lifeOf(box.findVm(name)).pullPlug('aborted'),
    setNetworksConf,
    manage: (...argv) =>
      new Promise<Ran>(resolve => {
        execFile(own, argv, { cwd: folder }, (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
        })
      }),
    [Symbol.asyncDispose]: () => end.disposeAsync(),
  }
}
