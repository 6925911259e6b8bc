/** `adopt --<driver> PLACE [HOST] [NAME]`: its flags, and what is told. */
import { Flags, type Interfaces } from '@oclif/core'
import type { AnyDriver } from '../drivers/driver.ts'
import { UsageError } from './errors.ts'
import { type Consequences, type TakeOverAsk, takeOver } from './machine/take-over.ts'
import type { World } from './machine/world.ts'

type Flagged = Readonly<Record<string, unknown>>

/** One flag for each driver that takes over what its provider's own tool made. */
export function takeOverFlags(drivers: readonly AnyDriver[]): Interfaces.FlagInput {
  const able = drivers.filter(driver => driver.takesOver)
  return {
    ...Object.fromEntries(
      able.map(({ name, takesOver }) => [name, Flags.string({ description: takesOver?.help ?? '', helpValue: 'DIR' })]),
    ),
    'rm-destroys': Flags.boolean({
      description: `with ${able.map(d => `--${d.name}`).join(', ')}: rm will destroy the host, and not only forget it`,
    }),
  }
}

/** What is asked for, if it is this; throws UsageError where it is mixed with what hosts behind SSH alone have. */
export function takeOverAsk(
  flags: Flagged,
  words: readonly string[],
  drivers: readonly AnyDriver[],
): TakeOverAsk | undefined {
  const driver = drivers.find(({ name, takesOver }) => takesOver && flags[name] !== undefined)
  if (!driver) {
    if (flags['rm-destroys']) throw new UsageError('--rm-destroys is for hosts that a tool on this computer made')
    return undefined
  }
  const [host, named, ...more] = words
  const own = ['ssh-key', 'ssh-port'].find(flag => flags[flag] !== undefined)
  if (own) throw new UsageError(`--${own} and --${driver.name} exclude each other`, [`${driver.name} knows the way`])
  if (more.length > 0) throw new UsageError(`too many words: adopt --${driver.name} DIR [HOST] [NAME]`)
  const name = (flags.name as string | undefined) ?? named
  if (flags.name !== undefined && named !== undefined && flags.name !== named)
    throw new UsageError(`two names are given: ${named} and ${flags.name}`)
  const port = flags['engine-port'] as number | undefined
  return {
    driver,
    place: String(flags[driver.name]),
    destroy: flags['rm-destroys'] === true,
    ...(host === undefined ? {} : { host }),
    ...(name === undefined ? {} : { name }),
    ...(port === undefined ? {} : { enginePort: port }),
  }
}

export interface Told {
  tell(text: string): void
  printJson(value: unknown): void
  /** The line that points a client at the machine. */
  line(name: string): string
  /** Asks before clients are shut out. */
  mayReplace(found: Consequences): Promise<boolean>
}

/** Does it, and tells. */
export async function runTakeOver(ask: TakeOverAsk, flags: Flagged, w: World, told: Told): Promise<void> {
  const done = await takeOver(ask, w, {
    dryRun: flags['dry-run'] === true,
    replaceCertificates: (_name, found) => told.mayReplace(found),
  })
  if (flags.json) return told.printJson(done)
  const { machine } = done
  if (!machine) {
    for (const { name, detail } of done.found) told.tell(`${name} (${detail})`)
    told.tell('Nothing was done: this was a dry run.')
    return
  }
  const fate = ask.destroy ? 'destroys its host' : 'forgets it, and its host stays'
  told.tell(
    `"${machine.name}" is adopted: rm ${fate}. To point your Docker client at it, run: ${told.line(machine.name)}`,
  )
}
