/** A request as a line of JSON. */
import type { Entry } from './entry.ts'

const LONGEST_PATH = 1024
const LONGEST_WORD = 256

/**
 * JSON.stringify leaves these as they are: DEL and the C1 controls, which terminals obey; line ends of Unicode, where some
 * readers break lines; marks that turn the direction of text.
 */
const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

export function lineOf(entry: Entry): string {
  return line({
    time: new Date(entry.at).toISOString(),
    client: {
      cn: cut(entry.name, LONGEST_WORD),
      ou: cut(entry.ou, LONGEST_WORD),
      serial: cut(entry.serial, LONGEST_WORD),
      address: cut(entry.address, LONGEST_WORD),
    },
    role: entry.role ?? null,
    method: cut(entry.method, LONGEST_WORD),
    path: cut(entry.path, LONGEST_PATH),
    status: entry.status,
    in: entry.bytesIn,
    out: entry.bytesOut,
    ms: Math.round(entry.durationMs * 10) / 10,
    ...(entry.note === undefined ? {} : { note: cut(entry.note, LONGEST_PATH) }),
  })
}

export function droppedLine(lost: number): string {
  return line({ time: new Date().toISOString(), dropped: lost, note: `${lost} audit lines were lost before this one` })
}

function line(value: object): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `${JSON.stringify(value).replace(UNSAFE, escaped)}\n`
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}
