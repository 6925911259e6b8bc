import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { Call } from '../call.ts'
import { type Option, readAll, table } from '../getopt.ts'
import { probeDisk, writeImage } from '../images.ts'
import { ComProblem, Plain, progress, SyntaxProblem } from '../problem.ts'
import { makeVm } from './make-vm.ts'
import { writeSettings } from './settings-file.ts'

const IMPORT: readonly Option[] = table(
  ['--dry-run --dryrun -dry-run -dryrun -n', 'nothing'],
  ['--options', 'string'],
  ['--vsys', 'uint32'],
  ['--ostype', 'string'],
  ['--vmname', 'string'],
  ['--basefolder', 'string'],
  ['--memory', 'string'],
  ['--cpus', 'string'],
  ['--unit', 'uint32'],
  ['--ignore', 'nothing'],
  ['--disk', 'string'],
  ['--eula', 'string'],
)

/** Machines of an OVA, a tar file: a machine with one disk and a card with NAT, whatever its description says besides. */
export function importAppliance(args: readonly string[], { box, cwd, out, err }: Call): void {
  const { plain, get, has } = readAll(args, IMPORT)
  const [file, more] = plain
  if (more !== undefined) throw new SyntaxProblem(`Invalid parameter '${more}'`)
  if (file === undefined) throw new SyntaxProblem('Not enough arguments for "import" command.')
  const path = resolve(cwd, file)
  const fail = (text: string, code: 'VBOX_E_FILE_ERROR' | 'VBOX_E_IPRT_ERROR', task = 'Appliance read failed') =>
    new ComProblem({
      text,
      code,
      of: 'ApplianceWrap IAppliance',
      task,
      context: 'RTEXITCODE handleImportAppliance(HandlerArg *)',
      at: 'VBoxManageAppliance.cpp:416',
    })
  if (!existsSync(path))
    throw fail(`Could not read OVF file '${basename(path)}' (VERR_FILE_NOT_FOUND)`, 'VBOX_E_FILE_ERROR')
  const folder = mkdtempSync(join(tmpdir(), 'vbox-import-'))
  try {
    try {
      execFileSync('tar', ['-xf', path, '-C', folder], { stdio: ['ignore', 'ignore', 'ignore'] })
    } catch {
      throw fail(`Could not read the appliance '${basename(path)}' (VERR_TAR_BAD_CHKSUM_FIELD)`, 'VBOX_E_IPRT_ERROR')
    }
    const names = readdirSync(folder)
    const ovf = names.find(name => extname(name) === '.ovf')
    const disk = names.find(name => ['.vmdk', '.vdi', '.vhd'].includes(extname(name)))
    if (ovf === undefined || disk === undefined)
      throw fail(`Could not read OVF file '${basename(path)}'`, 'VBOX_E_FILE_ERROR')
    out(
      `Interpreting ${path}...\nOK.\nDisks:\n  vmdisk1\t10737418240\t-1\thttp://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized\t${disk}\t-1\t-1\n\nVirtual system 0:\n`,
    )
    if (has('--dry-run')) return
    const name = get('--vmname') ?? basename(ovf, '.ovf')
    const image = probeDisk(join(folder, disk), box.it)
    if (!image)
      throw fail(
        `Could not open the disk image '${disk}' (VERR_NOT_SUPPORTED)`,
        'VBOX_E_IPRT_ERROR',
        'Appliance import failed',
      )
    const vm = makeVm(box, {
      name,
      osType: get('--ostype') ?? 'Ubuntu_64',
      architecture: 'x86',
      folder: get('--basefolder') === undefined ? box.machineFolder : resolve(cwd, get('--basefolder') ?? ''),
    })
    const location = resolve(cwd, get('--disk') ?? join(dirname(vm.settingsFile), disk))
    const made = { ...image, uuid: box.newUuid() }
    writeImage(location, made)
    const medium = box.register({ ...made, device: 'hdd', location, type: 'normal', properties: {} })
    vm.controllers.push({
      name: 'SATA',
      bus: 'sata',
      type: 'IntelAhci',
      ports: 1,
      bootable: true,
      hostIoCache: 'off',
      attachments: [{ port: 0, device: 0, type: 'hdd', medium: medium.uuid, marks: {} }],
    })
    Object.assign(vm.settings, { memory: get('--memory') ?? '1024', cpus: get('--cpus') ?? '2' })
    vm.registered = true
    writeSettings(vm)
    err(progress)
    out('Successfully imported the appliance.\n')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const EXPORT = table(
  ['--output -o', 'string'],
  ['--legacy09', 'nothing'],
  ['--ovf09', 'nothing'],
  ['--ovf10', 'nothing'],
  ['--ovf20', 'nothing'],
  ['--manifest', 'nothing'],
  ['--options', 'string'],
  ['--vsys', 'uint32'],
)

export function exportAppliance(args: readonly string[], { box, cwd, out, err }: Call): void {
  const { plain, get } = readAll(args, EXPORT)
  const [name] = plain
  if (name === undefined) throw new SyntaxProblem('At least one machine must be specified with the export command.')
  const output = get('--output')
  if (output === undefined) throw new SyntaxProblem('Missing --output argument with export command.')
  const vm = box.findVm(name, 'VBoxManageAppliance.cpp:1290')
  if (box.isLocked(vm))
    throw new ComProblem({
      text: `The machine '${vm.name}' is already locked for a session (or being unlocked)`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MachineWrap IMachine',
    })
  const target = resolve(cwd, output)
  if (existsSync(target)) throw new Plain(`File '${target}' already exists`)
  const folder = mkdtempSync(join(tmpdir(), 'vbox-export-'))
  try {
    writeFileSync(
      join(folder, `${vm.name}.ovf`),
      `<?xml version="1.0"?>\n<Envelope><VirtualSystem id="${vm.name}"/></Envelope>\n`,
    )
    writeImage(join(folder, `${vm.name}-disk001.vmdk`), {
      format: 'VMDK',
      uuid: box.newUuid(),
      capacity: 2 ** 30,
      variant: 'dynamic streamOptimized',
    })
    execFileSync('tar', ['-cf', target, '-C', folder, `${vm.name}.ovf`, `${vm.name}-disk001.vmdk`])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  err(progress)
  out('Successfully exported 1 machine(s).\n')
}
