/** docker.service as `systemctl cat` shows it: the fragment, then its drop-ins, in the order systemd applies them. */

/** Where our settings go; Docker Machine's own name, so what it left is replaced, not joined. */
export const DROP_IN = '/etc/systemd/system/docker.service.d/10-machine.conf'
/** Used where a drop-in of somebody else sorts after ours and sets ExecStart: the last one wins. */
export const LATE_DROP_IN = '/etc/systemd/system/docker.service.d/zz-machine.conf'

export interface UnitFile {
  readonly path: string
  readonly text: string
}
export type Unit = readonly UnitFile[]

/** Splits `systemctl cat` at its headers. A comment that merely looks like one does not end in .service or .conf. */
export function parseUnit(text: string): Unit {
  const files: { path: string; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const path = /^# (\/\S+\.(?:service|conf))$/.exec(line)?.[1]
    if (path) files.push({ path, lines: [] })
    else files.at(-1)?.lines.push(line)
  }
  // systemctl puts an empty line between files that is in none of them.
  return files.map(({ path, lines }) => ({ path, text: `${lines.join('\n').replace(/\n+$/, '')}\n` }))
}

/** Our drop-in, or the one docker-machine left in its place. */
export const isOurs = (file: UnitFile) => file.path === DROP_IN || file.path === LATE_DROP_IN

/** The ExecStart that would run without us, raw and on one line; undefined if the unit has none. */
export function foreignExecStart(unit: Unit): string | undefined {
  return unit
    .filter(file => !isOurs(file))
    .flatMap(execStarts)
    .reduce<string | undefined>((_before, line) => (line === '' ? undefined : line), undefined)
}

/** The ExecStart in force, raw and on one line; undefined if the unit has none. */
export function execStartOf(unit: Unit): string | undefined {
  return unit.flatMap(execStarts).reduce<string | undefined>((_before, line) => line || undefined, undefined)
}

function execStarts(file: UnitFile): string[] {
  const joined = file.text.replace(/\\\n(?:[#;].*\n)*/g, ' ')
  return [...joined.matchAll(/^[ \t]*ExecStart[ \t]*=(.*)$/gm)].map(match => (match[1] ?? '').trim())
}

/** The file ours has to be so that it is applied last, and our text that stands there or in the other one now. */
export function dropIn(unit: Unit): { path: string; now: string | undefined; obsolete: string | undefined } {
  const last = unit.findLast(file => !isOurs(file) && file.path.endsWith('.conf') && execStarts(file).length > 0)
  const late = last !== undefined && nameOf(last.path) > nameOf(DROP_IN)
  const [path, other] = late ? [LATE_DROP_IN, DROP_IN] : [DROP_IN, LATE_DROP_IN]
  const textAt = (at: string) => unit.find(file => file.path === at)?.text
  return { path, now: textAt(path), obsolete: textAt(other) === undefined ? undefined : other }
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
