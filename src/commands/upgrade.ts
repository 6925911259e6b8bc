import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { messageOf } from '../errors.ts'
import { type UpgradedMachine, upgradeMachine } from '../machine/upgrade.ts'
import { forEach } from '../several.ts'

export default class Upgrade extends MachineCommand {
  static override summary = "Bring machines' engines to the newest version, or to the one asked for."
  static override description =
    'The engine comes from where it came from before: the install script of the record, Docker’s repository, or the ' +
    'distribution. A machine that is off is started; containers go on where live-restore is on.'
  static override usage = 'upgrade [OPTIONS] [NAME...]'
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    'engine-version': Flags.string({
      description: 'version to go to and keep to, whole or its beginning; latest: the newest from now on',
      helpValue: 'VERSION',
    }),
    json: Flags.boolean({ description: 'print what was done as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Upgrade)
    const w = this.world(flags, argv as string[], true)
    const names = await this.severalNames(argv as string[], w)
    const done: UpgradedMachine[] = []
    const failure = await forEach(names, async name => {
      const started = Date.now()
      try {
        const upgraded = await upgradeMachine(name, w, { version: flags['engine-version'] })
        w.say({ machine: name, type: 'info', text: told(upgraded) })
        w.say({ machine: name, type: 'finished', text: 'Docker is up and running!', ms: Date.now() - started })
        done.push(upgraded)
      } catch (error) {
        w.say({ machine: name, type: 'failed', text: messageOf(error), ms: Date.now() - started })
        throw error
      }
    }).catch(error => error)
    if (flags.json) this.printJson(done)
    if (failure) throw failure
  }
}

function told({ name, from, to, upgraded, heldTo, package: its }: UpgradedMachine): string {
  if (from === '') return `${name} had no engine: ${to} was installed`
  const source = its === undefined ? '' : ` (${its})`
  return upgraded
    ? `the engine of ${name} was upgraded from ${from} to ${to}${source}`
    : `the engine ${to} of ${name} is the newest ${heldTo ?? 'engine'} there is${source}: nothing was upgraded`
}
