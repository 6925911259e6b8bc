/** docs/differences-from-docker-machine.md promises a test for each of its rows. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/differences-from-docker-machine.md'), 'utf8')
const rows = page.split('\n').filter(line => line.startsWith('| ') && !/^\| (Docker Machine|---) \|/.test(line))

test('has rows', () => expect(rows.length).toBeGreaterThan(60))

test.each(rows)('%s', row => {
  const cells = row.split(/(?<!\\) \| |^\| | \|$/).filter(cell => cell !== '')
  expect(cells).toHaveLength(3)
  const files = [...(cells[2] ?? '').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
  expect(files).not.toEqual([])
  expect(files.filter(file => !/^test\/.*\.test\.ts$/.test(file) || !existsSync(join(root, file)))).toEqual([])
})
