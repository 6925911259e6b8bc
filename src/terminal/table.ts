/** Rows of cells as an aligned table, without spaces at the ends of lines. */
import { alignColumns } from './tabwriter.ts'

export function table(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => text.replace(/\s+/g, ' ')
  return alignColumns(rows.map(row => row.map(cell).join('\t')).join('\n')).replace(/ +$/gm, '')
}
