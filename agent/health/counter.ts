/** Families of samples in the Prometheus text format 0.0.4. */

export type Labels = Readonly<Record<string, string>>

/** How many label sets one counter keeps: what clients choose must not grow memory. */
const MOST_SERIES = 64

export interface Counter {
  add(labels: Labels, by?: number): void
  samples(): [Labels, number][]
}

/** `overflow` is where it is counted when there are too many different labels. */
export function counter(overflow: Labels): Counter {
  const series = new Map<string, [Labels, number]>()
  return {
    add(labels, by = 1) {
      let key = Object.values(labels).join('\n')
      let its = labels
      if (!series.has(key) && series.size >= MOST_SERIES) {
        its = overflow
        key = Object.values(overflow).join('\n')
      }
      const sample = series.get(key)
      if (sample) sample[1] += by
      else series.set(key, [its, by])
    },
    samples: () => [...series.values()],
  }
}

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Suffix of the name ('' but for histograms), labels, value. */
  readonly samples: readonly (readonly [suffix: string, labels: Labels, value: number])[]
}

/** A family without samples is left out. */
export function renderFamilies(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(
        ([suffix, labels, value]) => `${name}${suffix}${labelText(labels)} ${valueText(value)}\n`,
      )
      return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const text = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    return `${name}="${text}"`
  })
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return Number.isNaN(value) ? 'NaN' : String(value)
}
