/** Values as Docker Machine read them from flags and variables: with Go's strconv. */

/** Go's ParseBool; undefined for what it refuses. */
export function parseBool(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined
}

/** Go's ParseInt with base 0: 0x10, 010 and 0o10 (octal), 0b10, 10, with a sign; undefined for what it refuses. */
export function parseInteger(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (!/^(0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i.test(digits)) return undefined
  const value = Number(digits.replace(/^0(?=[0-7])/, '0o'))
  if (!Number.isSafeInteger(value)) return undefined
  return sign === '-' && value !== 0 ? -value : value
}

/** The entries of a list in a variable: parted by commas, blanks around them and empty ones left out. */
export function parseList(text: string | undefined): string[] {
  const entries = (text ?? '').split(',').map(entry => entry.trim())
  return entries.filter(entry => entry !== '')
}
