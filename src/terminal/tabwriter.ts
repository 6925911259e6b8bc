/**
 * Columns as Go's text/tabwriter aligns them, with Docker Machine's settings: a cell ends with a tab; a column is the cells
 * of lines that follow each other, and as wide as its widest with 3 spaces behind, 5 at least. The last cell of a line is
 * none: nothing is aligned behind it.
 */
const MIN_WIDTH = 5
const PADDING = 3

/** `text` with its tabs turned into spaces. Characters count as one column each, as in Go. */
export function alignColumns(text: string): string {
  const lines = text.split('\n').map(line => line.split('\t'))
  const widths = lines.map(cells => cells.slice(0, -1).map(() => 0))
  setWidths(lines, widths, 0, lines.length, 0)
  return lines
    .map((cells, i) =>
      cells.map((cell, c) => cell + ' '.repeat((widths[i]?.[c] ?? 0) - (widths[i]?.[c] ? length(cell) : 0))),
    )
    .map(cells => cells.join(''))
    .join('\n')
}

/** Sets the widths from column `column` on, of the lines that have it, block by block. */
function setWidths(lines: readonly string[][], widths: number[][], from: number, to: number, column: number): void {
  for (let line = from; line < to; ) {
    const end = endOfBlock(widths, line, to, column)
    if (end === line) {
      line += 1
      continue
    }
    const block = lines.slice(line, end).map(cells => length(cells[column] ?? ''))
    const width = Math.max(MIN_WIDTH, Math.max(...block) + PADDING)
    for (let i = line; i < end; i++) (widths[i] as number[])[column] = width
    setWidths(lines, widths, line, end, column + 1)
    line = end
  }
}

/** The first line from `line` on that has no such column. */
function endOfBlock(widths: readonly number[][], line: number, to: number, column: number): number {
  let end = line
  while (end < to && (widths[end]?.length ?? 0) > column) end += 1
  return end
}

const length = (text: string) => [...text].length
