/** Read with what others read such images with: xorriso, and blkid, by whose label cloud-init finds a seed. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { isoImage } from '../../../../drivers/local/iso9660.ts'
import { which } from '../../../kit/which.ts'

const dir = mkdtempSync(join(tmpdir(), 'machine-iso-'))
afterAll(() => rmSync(dir, { recursive: true }))
const file = join(dir, 'seed.iso')
const FILES = {
  'user-data': Buffer.from('#cloud-config\n{}\n'),
  'meta-data': Buffer.alloc(5000, 'm'),
  'network-config': Buffer.alloc(0),
}

const program = (name: string) => which(name) ?? name
const made = new Date('2026-11-26T19:43:45.670Z')
writeFileSync(
  file,
  isoImage(
    'cidata',
    Object.entries(FILES).map(([name, data]) => ({ name, data })),
    made,
  ),
)

test('its label and kind, as udev and cloud-init see them', () => {
  const seen = execFileSync(program('blkid'), ['-p', '-o', 'export', file]).toString()
  expect(seen).toContain('LABEL=cidata\n')
  expect(seen).toContain('TYPE=iso9660\n')
  expect(seen).toContain('UUID=2026-11-26-19-43-45-67\n')
})

test.each([
  ['with Joliet', 'any', Object.keys(FILES)],
  // Linux makes lower case of plain names by itself: that is how a kernel without Joliet finds them.
  ['without', 'ecma119', Object.keys(FILES).map(name => name.toUpperCase())],
])('xorriso finds nothing wrong, and each file byte by byte, %s', (_, tree, names) => {
  const out = mkdtempSync(join(dir, 'out-'))
  const args = ['-abort_on', 'WARNING', '-read_fs', tree]
  execFileSync(program('xorriso'), [...args, '-osirrox', 'on', '-indev', file, '-extract', '/', out], { stdio: 'pipe' })
  for (const [i, data] of Object.values(FILES).entries())
    expect(readFileSync(join(out, names[i] ?? '')).equals(data)).toBe(true)
})

test('more files than a seed has are refused', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `file-number-${i}`, data: Buffer.alloc(1) }))
  expect(() => isoImage('cidata', many)).toThrow('40 files are too many')
})
