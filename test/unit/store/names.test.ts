/** What a machine may be called, and what leads out of a store. */
import { describe, expect, test } from '@jest/globals'
import { openStore } from '../../../src/store/store.ts'

const store = openStore('/nonexistent/store')

describe('names', () => {
  test.each(['a', '9', 'dev', 'Dev-1', 'a.b.c', 'a-', 'x'.repeat(63)])('%s can be made', name => {
    expect(() => store.checkName(name)).not.toThrow()
  })

  test.each(['', '-a', '.a', '..', 'a_b', 'a b', 'a/b', 'a\nb', 'ä', 'a:b', '../x'])('%j cannot', name => {
    expect(() => store.checkName(name)).toThrow(
      'Error creating machine: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -',
    )
  })

  test.each(['x'.repeat(64), `${'x'.repeat(40)}.${'y'.repeat(40)}`])('%s is too long for a host', name => {
    expect(() => store.checkName(name)).toThrow(/is too long/)
  })

  test.each(['..', '.', '', 'a/b', '.hidden', 'a\\b', 'a\0b'])('%j is nowhere in a store', async name => {
    expect(await store.exists(name)).toBe(false)
    expect(await store.readText(name)).toBeUndefined()
    expect(() => store.machineDir(name)).toThrow('cannot be the name of a machine')
  })

  test.each([[['..', 'x']], [['certs', '../../x']], [['/etc/passwd']], [[]], [['certs', '']]])(
    '%j leads to no file',
    parts => {
      expect(() => store.filePath(parts)).toThrow('names no file of the store')
    },
  )
})
