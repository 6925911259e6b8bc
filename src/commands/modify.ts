import { Args, Flags, type Interfaces } from '@oclif/core'
import { drivers } from '../../drivers/index.ts'
import { MachineCommand } from '../command.ts'
import { driverValues } from '../driver-change.ts'
import { changeFlags } from '../driver-flags.ts'
import { messageOf, UsageError } from '../errors.ts'
import { list } from '../flags/types.ts'
import { type Modification, modifyMachine } from '../machine/modify.ts'
import { describe, LIST_SETTINGS, type ListSetting, type SettingsChange } from '../machine/settings-change.ts'
import type { World } from '../machine/world.ts'
import { resizeTold } from '../modify-driver.ts'
import { confirm } from '../terminal/secret.ts'

const SET = 'SET'
const REMOVE = 'REMOVE'

export default class Modify extends MachineCommand {
  static override summary = 'Change the settings of the engine of a machine, or its instance type.'
  static override description =
    'Shows what will differ, changes it through the same plan as provision, and checks that the engine answers. When it does ' +
    'not come up, host and record are as they were. Containers go on running where live-restore is on, and where a reload ' +
    'is enough (labels, registries); where the engine has to restart without live-restore you are asked first. Only what ' +
    'is named changes: an item that is set replaces the one of its key (the label tier=2 replaces tier=1), and what is removed is ' +
    'named by its key or whole (--rm-engine-label tier, --rm-engine-opt dns=192.0.2.1). ' +
    'An instance at a cloud gets another type: it is asked for, the machine is stopped, changed and started, and where it ' +
    'does not start with it, brought back to what it was. Cut off in the middle, the same command again goes on.'
  static override usage = 'modify [NAME] [OPTIONS]'
  static override examples = [
    '<%= config.bin %> modify dev --engine-label tier=2 --rm-engine-label old',
    '<%= config.bin %> modify dev --engine-opt log-opt=max-size=50m --dry-run',
    '<%= config.bin %> modify dev --tls-san dev.example --engine-live-restore',
    '<%= config.bin %> modify web --amazonec2-instance-type t3.large',
  ]
  static override strict = false
  // docker-machine had no such command: stdout is for results under any name.
  protected override readonly cleanStdout = true
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags: Interfaces.FlagInput = {
    'engine-opt': list({ description: 'dockerd option, key=value; repeatable', helpGroup: SET }),
    'engine-label': list({ description: 'label of the engine, key=value; repeatable', helpGroup: SET }),
    'engine-env': list({ description: 'environment of the engine, KEY=value; repeatable', helpGroup: SET }),
    'engine-insecure-registry': list({
      description: 'registry spoken to without checked TLS; repeatable',
      helpGroup: SET,
    }),
    'engine-registry-mirror': list({ description: 'mirror of Docker Hub; repeatable', helpGroup: SET }),
    'tls-san': list({
      description: 'further name or address the server certificate covers; repeatable',
      helpGroup: SET,
    }),
    'engine-agent-operator-mount': list({
      description: 'folder of the host that operators may mount; repeatable',
      helpGroup: SET,
    }),
    'engine-storage-driver': Flags.string({
      description: "storage driver; what another one stored is then not seen; '' is the engine's own choice",
      helpGroup: SET,
    }),
    'engine-live-restore': Flags.boolean({
      description: 'containers outlive a restart of the engine',
      helpGroup: SET,
      allowNo: true,
    }),
    'engine-log-rotation': Flags.boolean({ description: 'container logs are rotated', helpGroup: SET, allowNo: true }),
    'rm-engine-opt': list({ description: 'dockerd option to take out; repeatable', helpGroup: REMOVE }),
    'rm-engine-label': list({ description: 'label to take out; repeatable', helpGroup: REMOVE }),
    'rm-engine-env': list({ description: 'variable to take out; repeatable', helpGroup: REMOVE }),
    'rm-engine-insecure-registry': list({ description: 'registry to take out; repeatable', helpGroup: REMOVE }),
    'rm-engine-registry-mirror': list({ description: 'mirror to take out; repeatable', helpGroup: REMOVE }),
    'rm-tls-san': list({ description: 'name or address to take out; repeatable', helpGroup: REMOVE }),
    'rm-engine-agent-operator-mount': list({ description: 'folder to take out; repeatable', helpGroup: REMOVE }),
    ...changeFlags(drivers),
    'dry-run': Flags.boolean({ description: 'only show what would change' }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask, also where containers stop' }),
    json: Flags.boolean({ description: 'print the change as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Modify)
    const w = this.world(flags, argv as string[])
    const name = await this.oneName(argv as string[], w)
    const typed = driverValues(flags, w.drivers)
    const resizes = Object.keys(typed).length > 0
    const change = resizes ? undefined : changeOf(flags, this.program)
    if (resizes && hasChange(flags))
      throw new UsageError('settings of the driver and settings of the engine are changed one after the other', [
        'leave the one or the other out',
      ])
    const started = Date.now()
    try {
      if (!change) return await this.resize(name, typed, flags, w)
      const done = await modifyMachine(name, change, w, {
        dryRun: flags['dry-run'],
        confirm: told => this.confirmed(told, flags.yes, w),
      })
      if (!done.applied) this.showUnapplied(done, w)
      else w.say({ machine: name, type: 'finished', text: 'Docker is up and running!', ms: Date.now() - started })
      if (flags.json) this.printJson(done)
    } catch (error) {
      w.say({ machine: name, type: 'failed', text: messageOf(error), ms: Date.now() - started })
      throw error
    }
  }

  private async resize(name: string, typed: Flagged, flags: Flagged, w: World): Promise<void> {
    const started = Date.now()
    const how = { dryRun: flags['dry-run'] === true, yes: flags.yes === true, stream: this.infoStream }
    const done = await resizeTold(name, typed, w, how)
    if (done.applied) {
      const text = done.restart ? 'Docker is up and running!' : `Machine "${name}" was changed.`
      w.say({ machine: name, type: 'finished', text, ms: Date.now() - started })
    }
    if (flags.json) this.printJson(done)
  }

  private showUnapplied(told: Modification, w: World): void {
    if (told.changes.length > 0) this.show(told, w)
    const text = told.changes.length > 0 ? 'nothing was changed: this was a dry run' : 'nothing had to be changed'
    w.say({ machine: told.name, type: 'info', text })
  }

  private show({ name, changes, effect }: Modification, w: World): void {
    const tell = (text: string) => w.say({ machine: name, type: 'info', text })
    for (const change of changes) tell(describe(change))
    if (!effect) return
    const how = effect.steps.length === 0 ? 'the host is so already' : restartText(effect)
    tell(how)
  }

  private async confirmed(told: Modification, yes: boolean, w: World): Promise<boolean> {
    this.show(told, w)
    if (yes || !told.effect?.restart || told.effect.liveRestore) return true
    const { containers } = told.effect
    const stop =
      containers === 0 ? 'It has no containers.' : `Its running containers stop (there are ${containers} in all).`
    return await confirm(`${stop} Restart the engine of "${told.name}"? (y/n): `, this.infoStream)
  }
}

function restartText({ restart, liveRestore }: NonNullable<Modification['effect']>): string {
  if (!restart) return 'the engine takes it over without a restart'
  return liveRestore
    ? 'the engine restarts; containers go on running (live-restore is on)'
    : 'the engine restarts, and live-restore is off: running containers stop, and those with a restart policy start again'
}

type Flagged = Readonly<Record<string, unknown>>

/** Whether any setting of the engine was typed. */
function hasChange(flags: Flagged): boolean {
  return Object.keys(flags).some(name => /^(rm-)?(engine|tls)-/.test(name))
}

function changeOf(flags: Flagged, program: string): SettingsChange {
  const lists = (prefix: string) =>
    Object.fromEntries(
      LIST_SETTINGS.flatMap(setting => {
        const items = flags[prefix + setting] as string[] | undefined
        return items ? [[setting, items] as [ListSetting, string[]]] : []
      }),
    )
  const keyed = ['engine-label', 'engine-env'] as const
  for (const flag of keyed)
    for (const item of (flags[flag] as string[] | undefined) ?? [])
      if (!/^[^=\s]+=/.test(item)) throw new UsageError(`--${flag} wants KEY=value`, [`--rm-${flag} KEY takes one out`])
  const switches = {
    storageDriver: flags['engine-storage-driver'] as string | undefined,
    liveRestore: flags['engine-live-restore'] as boolean | undefined,
    logRotation: flags['engine-log-rotation'] as boolean | undefined,
  }
  const asked = Object.fromEntries(Object.entries(switches).filter(([, value]) => value !== undefined))
  const change = { set: lists(''), remove: lists('rm-'), ...asked }
  if (Object.keys({ ...change.set, ...change.remove, ...asked }).length === 0)
    throw new UsageError('nothing to change was named', [`${program} modify --help lists the settings`])
  return change
}
