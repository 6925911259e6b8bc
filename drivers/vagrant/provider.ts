import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { VagrantConfig } from './flags.ts'
import { dataOf } from './output.ts'
import { type Places, placesOf } from './places.ts'
import { LOOK_MS, runVagrant } from './run.ts'

/** Calls `look` with the places of a Vagrantfile that is gone afterwards. */
export async function withScratch<T>(
  files: Readonly<Record<string, string>>,
  look: (places: Places) => Promise<T>,
): Promise<T> {
  const machineDir = await mkdtemp(join(tmpdir(), 'machine-vagrant-'))
  try {
    const places = { ...placesOf({}, { machineDir }), cwd: machineDir, dotfile: join(machineDir, '.vagrant') }
    for (const [name, text] of Object.entries(files)) await writeFile(join(machineDir, name), text, { mode: 0o600 })
    return await look(places)
  } finally {
    await rm(machineDir, { recursive: true, force: true })
  }
}

/** The provider named, else the one Vagrant itself would take here. Throws VAGRANT_NO_PROVIDER where it finds none. */
export async function chooseProvider(
  config: Pick<VagrantConfig, 'provider'>,
  ctx: Pick<Ctx, 'env' | 'signal' | 'say'>,
): Promise<string> {
  if (config.provider) return config.provider
  const bare = { Vagrantfile: 'Vagrant.configure("2") { |config| config.vm.box = "none/none" }\n' }
  const { lines } = await withScratch(bare, places =>
    runVagrant(['provider'], places, {}, ctx, { doing: 'choose a provider', deadlineMs: LOOK_MS }),
  )
  const [name] = dataOf(lines, 'provider-name') ?? []
  if (name) return name
  throw new MachineError('VAGRANT_NO_PROVIDER', 'Vagrant names no provider it would use', {
    hints: ['name one with --vagrant-provider'],
  })
}
