/** A strict reader of the Prometheus text format 0.0.4; throws for what a scraper would not take, or take otherwise. */

export interface Exposition {
  /** By name with labels, as written. */
  readonly values: Map<string, number>
  readonly types: Map<string, string>
}

const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`
const SAMPLE = new RegExp(
  String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{${LABEL}(?:,${LABEL})*\})? ([+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$`,
)

export function readExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const values = new Map<string, number>()
  const types = new Map<string, string>()
  let family = ''
  let helped = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (keyword === 'HELP') {
      if (types.has(name)) throw new Error(`${name} comes twice`)
      helped = name
    } else if (keyword === 'TYPE') {
      if (helped !== name || !/^(counter|gauge|histogram)$/.test(rest)) throw new Error(`bad line: ${line}`)
      family = name
      types.set(name, rest)
    } else {
      const [, sample = '', labels = '', value = ''] = SAMPLE.exec(line) ?? []
      const suffix = sample.slice(family.length)
      const suffixes = types.get(family) === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
      if (!sample.startsWith(family) || !suffixes.includes(suffix)) throw new Error(`bad line: ${line}`)
      if (types.get(family) === 'counter' && !family.endsWith('_total')) throw new Error(`${family} is a counter`)
      if (values.has(sample + labels)) throw new Error(`${line} comes twice`)
      values.set(sample + labels, Number(value.replace('Inf', 'Infinity')))
    }
  }
  return { values, types }
}
