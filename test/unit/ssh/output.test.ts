import { expect, test } from '@jest/globals'
import { Output } from '../../../src/ssh/output.ts'

test('characters cut by a chunk border come out whole', () => {
  const bytes = Buffer.from('grün 🐳 ende')
  const lines: string[] = []
  const output = new Output(line => lines.push(line))
  for (const byte of bytes) output.add(Buffer.of(byte))
  expect(output.end()).toBe('grün 🐳 ende')
  expect(lines).toEqual(['grün 🐳 ende'])
})

test('lines come one by one, carriage returns cut', () => {
  const lines: string[] = []
  const output = new Output(line => lines.push(line))
  for (const chunk of ['a', 'b\nc\r\n', '\nd']) output.add(Buffer.from(chunk))
  expect(lines).toEqual(['ab', 'c', ''])
  output.end()
  expect(lines).toEqual(['ab', 'c', '', 'd'])
})

test('of too much output, begin and end are kept', () => {
  const output = new Output(undefined, 10)
  for (let i = 0; i < 100; i++) output.add(Buffer.from(String(i % 10)))
  expect(output.end()).toBe('0123456789\n… 80 characters left out …\n0123456789')
})

test('what just fits is not touched', () => {
  const output = new Output(undefined, 10)
  output.add(Buffer.from('01234567890123456789'))
  expect(output.end()).toBe('01234567890123456789')
})
