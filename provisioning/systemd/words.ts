/** The words of a unit's command line: systemd's quoting (systemd.service(5), "COMMAND LINES"), which is not the shell's. */

export interface Word {
  /** As it stands in the unit, to be written back untouched. */
  readonly raw: string
  /** Without quotes and escapes; specifiers and variables as they are. */
  readonly value: string
  /** A word that is nothing but $NAME: systemd splits its value into words. */
  readonly variable?: string
}

const WORD = /(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\\[\s\S]|[^\s"'\\])+/g

/** Splits a line into words. */
export function splitWords(line: string): Word[] {
  return (line.match(WORD) ?? []).map(raw => {
    const variable = /^\$(?:\{(\w+)\}|(\w+))$/.exec(raw)
    const value = raw.replace(
      /"((?:\\[\s\S]|[^"\\])*)"|'((?:\\[\s\S]|[^'\\])*)'|\\([\s\S])/g,
      (_, double, single, escaped) => (double ?? single ?? `\\${escaped}`).replace(/\\([\s\S])/g, '$1'),
    )
    const name = variable?.[1] ?? variable?.[2]
    return name === undefined ? { raw, value } : { raw, value, variable: name }
  })
}

/** One word of a command line: `%` and `$` doubled so that systemd hands them on as they are. */
export function execWord(value: string): string {
  return quoted(value.replaceAll('$', '$$$$'))
}

/** One assignment as a line of an EnvironmentFile=, whose quoting is nearly the shell's. */
export function environmentLine(assignment: string): string {
  const [name = ''] = assignment.split('=', 1)
  return `${name}="${assignment.slice(name.length + 1).replace(/["\\$`]/g, '\\$&')}"`
}

function quoted(value: string): string {
  const text = value.replaceAll('%', '%%')
  if (/^[A-Za-z0-9_@%+=:,./$-]+$/.test(text)) return text
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`
}
