/** One installation: what it keeps, the computer it is on, and the lives of its machines. */
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { VmHostMaker } from './hosts.ts'
import { probeDisk, probeDvd } from './images.ts'
import { Life } from './life.ts'
import { ComProblem, noSuchMachine } from './problem.ts'
import type { Installation } from './versions.ts'
import { emptyWorld, type Medium, usersOf, type Vm, type VmState } from './world.ts'

/** What the computer is like. */
export interface Computer {
  cpus: number
  memoryMb: number
  /** Whether the processor can run machines: VT-x or AMD-V, switched on. */
  vtx: boolean
  /** Human texts are in this language, unless the caller asks for another one. */
  locale: 'en' | 'de'
}

export interface Delays {
  /** From acpipowerbutton to the guest's shutdown. */
  acpiMs: number
  /** After its end a machine's session stays locked for a moment. */
  unlockMs: number
}

export class Box {
  readonly world = emptyWorld()
  readonly it: Installation
  readonly folder: string
  readonly computer: Computer
  readonly delays: Delays
  readonly maker: VmHostMaker | undefined
  readonly say: (line: string) => void
  /** What went wrong where nobody is told. */
  readonly complaints: string[] = []
  readonly lives = new Map<string, Life>()
  /** Where in a range of DHCP addresses the first one is taken: test runs side by side take different ones. */
  readonly leaseOffset: number
  /** UUIDs of machines whose guest does not heed the power button. */
  readonly deaf = new Set<string>()

  constructor(
    it: Installation,
    folder: string,
    more: Pick<Box, 'computer' | 'delays' | 'maker' | 'say' | 'leaseOffset'>,
  ) {
    this.it = it
    this.folder = folder
    this.computer = more.computer
    this.delays = more.delays
    this.maker = more.maker
    this.say = more.say
    this.leaseOffset = more.leaseOffset
  }

  get networksConf(): string {
    return join(this.folder, 'networks.conf')
  }

  /** Where machines are put that say nothing of it. */
  get machineFolder(): string {
    return join(this.folder, 'VirtualBox VMs')
  }

  save(): void {
    writeFileSync(join(this.folder, 'VirtualBox.json'), JSON.stringify(this.world, undefined, 1))
  }

  /** By name or UUID; throws what FindMachine throws. */
  findVm(nameOrUuid: string, at?: string): Vm {
    const bare = nameOrUuid.replace(/^\{|\}$/g, '').toLowerCase()
    const found = this.world.vms.find(vm => vm.registered && (vm.uuid === bare || vm.name === nameOrUuid))
    if (!found) throw noSuchMachine(nameOrUuid, at)
    return found
  }

  lifeOf(vm: Vm): Life {
    const life = this.lives.get(vm.uuid) ?? new Life(this, vm)
    this.lives.set(vm.uuid, life)
    return life
  }

  setState(vm: Vm, state: VmState): void {
    if ((state === 'poweroff' || state === 'aborted' || state === 'saved') && vm.state !== state)
      vm.lockedUntil = Date.now() + this.delays.unlockMs
    vm.state = state
    vm.since = Date.now()
  }

  isLocked(vm: Vm): boolean {
    return !['poweroff', 'saved', 'aborted'].includes(vm.state) || vm.lockedUntil > Date.now()
  }

  /** Throws when somebody has a session with it: it runs, or has just ended. */
  mustBeFree(vm: Vm, at: string): void {
    if (!this.isLocked(vm)) return
    throw new ComProblem({
      text: `The machine '${vm.name}' is already locked for a session (or being unlocked)`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MachineWrap IMachine',
      context: 'LockMachine(a->session, LockType_Write)',
      at,
    })
  }

  /** The medium there, by UUID or path; one that is not known yet is opened, and is from then on. */
  openMedium(what: string, device: Medium['device'], cwd: string): Medium {
    const { world } = this
    const bare = what.replace(/^\{|\}$/g, '').toLowerCase()
    const location = resolve(cwd, what)
    const known = world.media.find(each => each.device === device && (each.uuid === bare || each.location === location))
    if (known) return known
    const at = {
      context:
        'OpenMedium(Bstr(pszFilenameOrUuid).raw(), enmDevType, enmAccessMode, fForceNewUuidOnOpen, pMedium.asOutParam())',
      at: 'VBoxManageDisk.cpp:191',
    }
    let image: ReturnType<typeof probeDisk>
    try {
      image = device === 'hdd' ? probeDisk(location, this.it) : probeDvd(location)
    } catch {
      throw new ComProblem({
        text: `Could not find file for the medium '${location}' (VERR_FILE_NOT_FOUND)`,
        code: 'VBOX_E_FILE_ERROR',
        of: 'MediumWrap IMedium',
        ...at,
      })
    }
    if (!image)
      throw new ComProblem({
        text: `Could not get the storage format of the medium '${location}' (VERR_NOT_SUPPORTED)`,
        code: 'VBOX_E_IPRT_ERROR',
        of: 'MediumWrap IMedium',
        ...at,
      })
    return this.register(
      { ...image, device, location, type: device === 'hdd' ? 'normal' : 'readonly', properties: {} },
      at,
    )
  }

  /** Throws when another medium has its UUID. */
  register(medium: Medium, at: { context?: string; at?: string; task?: string } = {}): Medium {
    const other = this.world.media.find(({ uuid, location }) => uuid === medium.uuid || location === medium.location)
    if (other) {
      const kind = { hdd: 'hard disk', dvd: 'CD/DVD image', floppy: 'floppy image' }
      throw new ComProblem({
        text: `Cannot register the ${kind[medium.device]} '${medium.location}' {${medium.uuid}} because a ${kind[other.device]} '${other.location}' with UUID {${other.uuid}} already exists`,
        code: 'E_INVALIDARG',
        of: 'VirtualBoxWrap IVirtualBox',
        ...at,
      })
    }
    this.world.media.push(medium)
    return medium
  }

  /** Whether a machine that runs has it. */
  isInUse(medium: Medium): boolean {
    return usersOf(this.world, medium).some(vm => !['poweroff', 'saved', 'aborted'].includes(vm.state))
  }

  /** What guests did by themselves since the last call. */
  async notice(): Promise<void> {
    for (const life of this.lives.values()) await life.notice()
  }

  newMac(): string {
    return `080027${randomBytes(3).toString('hex').toUpperCase()}`
  }

  newUuid(): string {
    return randomUUID()
  }

  async dispose(): Promise<void> {
    for (const life of this.lives.values()) await life.dispose()
  }
}
