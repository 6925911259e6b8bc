/** Columns as Docker Machine drew them: cells of at least 5 characters, 3 spaces between, the last column not padded. */
const MIN_WIDTH = 5
const PADDING = 3

export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map(
    (_, i) => Math.max(MIN_WIDTH, ...rows.map(r => [...(r[i] ?? '')].length)) + PADDING,
  )
  const line = (row: readonly string[]) =>
    row.map((c, i) => (i === row.length - 1 ? c : c + ' '.repeat((widths[i] ?? 0) - [...c].length)))
  return rows.map(row => line(row).join('').trimEnd()).join('\n')
}
