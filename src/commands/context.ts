import { Args, Flags } from '@oclif/core'
import { MachineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { type ContextChange, type ContextOptions, removeContexts, setContext } from '../machine/contexts.ts'
import { loadRecord } from '../machine/load.ts'
import type { World } from '../machine/world.ts'
import { forEach } from '../several.ts'

/** Docker prefers these over the current context. */
const OVERRIDING = ['DOCKER_HOST', 'DOCKER_CONTEXT']

export default class Context extends MachineCommand {
  static override summary = 'Make or update docker contexts of machines, or remove them.'
  static override description =
    'Afterwards docker --context NAME, buildx and compose reach the machine with nothing to eval. The context follows the ' +
    'machine: a new address or new certificates are written into it, rm removes it. It lies where the docker client looks ' +
    '(DOCKER_CONFIG, default ~/.docker); the client need not be installed.'
  static override usage = 'context [OPTIONS] NAME...'
  static override examples = [
    '<%= config.bin %> context dev && docker --context dev ps',
    '<%= config.bin %> context --rm dev',
  ]
  static override strict = false
  static override args = { name: Args.string({ description: 'name of the machine', ignoreStdin: true }) }
  static override flags = {
    rm: Flags.boolean({ description: 'remove the contexts of the machines instead' }),
    use: Flags.boolean({
      description:
        'make it the current context: off by default, because docker has one for all terminals, those at work on something else too',
      exclusive: ['rm'],
    }),
    'context-name': Flags.string({
      description: 'name of the context, where it is not to be called as the machine',
      helpValue: 'CONTEXT',
    }),
    force: Flags.boolean({
      char: 'f',
      description: 'take over a context of that name that is not ours; with --rm and --context-name, remove it',
    }),
    json: Flags.boolean({ description: 'print what was changed as JSON' }),
  }

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Context)
    const names = [...new Set(argv as string[])]
    if (names.length === 0)
      throw new UsageError('Error: Expected to get one or more machine names as arguments', [
        `${this.program} context NAME`,
      ])
    for (const flag of ['use', 'context-name'] as const)
      if (flags[flag] !== undefined && flags[flag] !== false && names.length > 1)
        throw new UsageError(`--${flag} is for one machine`)
    const w = this.world(flags, names)
    const contextName = flags['context-name']
    const options = { force: flags.force, ...(contextName === undefined ? {} : { contextName }) }
    const changes: ContextChange[] = []
    await forEach(names, async name => {
      const done = flags.rm
        ? await this.remove(name, options, w)
        : [await setContext(name, w, { ...options, use: flags.use })]
      changes.push(...done)
      if (!flags.json) for (const change of done) this.tellChange(change)
    })
    if (flags.json) this.printJson(changes)
  }

  /** A machine that is gone may have left a context; a name that is neither is a typing error. */
  private async remove(name: string, options: ContextOptions, w: World): Promise<ContextChange[]> {
    const removed = await removeContexts(name, w, options)
    if (removed.length > 0) return removed
    await loadRecord(w.store, name, w.program)
    const what = options.contextName === undefined ? 'no docker context' : `no docker context "${options.contextName}"`
    w.say({ machine: name, type: 'info', text: `Machine "${name}" has ${what}.` })
    return []
  }

  private tellChange({ machine, context, host, change, current }: ContextChange): void {
    if (change === 'removed') {
      this.tell(`Removed docker context "${context}"`)
      return
    }
    const is = { created: 'is made', updated: 'is updated', unchanged: 'is up to date' }[change]
    this.tell(`Docker context "${context}" of machine "${machine}" ${is}: ${host}`)
    const overriding = OVERRIDING.find(name => process.env[name])
    if (!current) this.tell(`To use it: docker --context ${context} …`)
    else if (overriding) this.tell(`It is the current one, but ${overriding} is set in this terminal and comes first`)
    else this.tell('It is the current one: docker uses it in every terminal')
  }
}
