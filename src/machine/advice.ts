/** Advice of the layers below, which know neither the machine's name nor what this program is called here. */
import { hasCode, suggestionsOf } from '../errors.ts'
import type { MachineRecord } from './record.ts'
import type { World } from './world.ts'

/** `machine provision NAME` of an error's hints, as it has to be typed for this machine. */
export function adviceAbout(name: string, error: unknown, w: Pick<World, 'program'>): string[] {
  return suggestionsOf(error).map(hint =>
    hint
      .replace(/\bmachine (?=(provision|agent|doctor|upgrade|regenerate-certs|ssh|start|rm)\b)/g, `${w.program} `)
      .replace(/\bNAME\b/g, name),
  )
}

/** What a failure to reach a machine's engine itself advises, then what can be done about this machine. */
export function remedies(cause: unknown, record: MachineRecord, w: Pick<World, 'program'>): string[] {
  const name = record.Name
  const own = adviceAbout(name, cause, w)
  const doctor = `${w.program} doctor ${name} looks at each step from here to the engine`
  if (record.Machine?.Access === 'client') {
    const possible = own.filter(hint => !/ (provision|regenerate-certs|upgrade) /.test(hint))
    return [
      ...possible,
      `ask for a new bundle on the computer that manages it: ${w.program} export --client-only`,
      doctor,
    ]
  }
  const renew = `${w.program} provision ${name} issues new certificates where they are needed; containers keep running`
  const certificates = hasCode(cause, 'ENGINE_TLS') && !own.some(hint => hint.includes(`provision ${name}`))
  return [...own, ...(certificates ? [renew] : []), doctor]
}
