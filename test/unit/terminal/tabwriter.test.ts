/** go-cases.json: what Go's text/tabwriter (with Docker Machine's settings) and time.Duration made of these. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { goDuration } from '../../../src/terminal/go-duration.ts'
import { table } from '../../../src/terminal/table.ts'
import { alignColumns } from '../../../src/terminal/tabwriter.ts'

const { tables, durations } = JSON.parse(readFileSync(join(import.meta.dirname, 'go-cases.json'), 'utf8')) as {
  tables: { Text: string; Aligned: string }[]
  durations: { Ns: number; Text: string }[]
}

test.each(tables)('columns as Go aligns them: $Text', ({ Text, Aligned }) => expect(alignColumns(Text)).toBe(Aligned))

test.each(durations)('$Text', ({ Ns, Text }) => expect(goDuration(Ns)).toBe(Text))

test('a table has no spaces at the ends of lines, and cells no line ends', () =>
  expect(
    table([
      ['NAME', 'WHAT', 'MISSING'],
      ['a', 'line\n two', ''],
    ]),
  ).toBe('NAME   WHAT       MISSING\na      line two'))
