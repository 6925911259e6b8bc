/** One JSON object a line; the fields GitLab's fork introduced: time, level, message, phase, and the machine's name. */
import type { MachineEvent } from '../events.ts'
import type { Reporter } from './reporter.ts'

const LEVELS = { warn: 'warning', failed: 'error', debug: 'debug' } as Record<string, string>

export function jsonLines(stream: NodeJS.WritableStream): Reporter {
  const phases = new Map<string, string>()
  const say = (event: MachineEvent) => {
    const key = event.machine ?? ''
    if (event.type === 'phase') phases.set(key, event.phase)
    const phase = phases.get(key)
    const line = {
      time: new Date().toISOString(),
      level: LEVELS[event.type] ?? 'info',
      message: event.text,
      msg: event.text, // the name GitLab's fork gave it
      ...(event.machine === undefined ? {} : { machine: event.machine }),
      ...(phase === undefined ? {} : { phase }),
      ...('fraction' in event && event.fraction !== undefined ? { fraction: event.fraction } : {}),
      ...('bytes' in event && event.bytes !== undefined ? { bytes: event.bytes } : {}),
      ...('ms' in event ? { ms: event.ms } : {}),
    }
    stream.write(`${JSON.stringify(line)}\n`)
  }
  return { say, pause() {}, async end() {} }
}
