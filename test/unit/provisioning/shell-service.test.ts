import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { withBlock, withoutBlock } from '../../../provisioning/shell-service.ts'

const base = { theirLine: '$DOCKER_OPTS', words: ['--x=a b', "--y=it's $z"], env: ['P=q r'] }
const FILE = '# theirs\nDOCKER_OPTS="--dns 192.0.2.1"'

test('a shell reads the block as the words meant, behind those that were there', () => {
  const block = withBlock(FILE, { ...base, evaluated: true })
  // The service's script evaluates DOCKER_OPTS once more, as OpenRC does.
  const run = `${block}eval "set -- $DOCKER_OPTS"; printf '%s\\n' "$@" "$P"`
  expect(execFileSync('sh', ['-c', run], { encoding: 'utf8' })).toBe("--dns\n192.0.2.1\n--x=a b\n--y=it's $z\nq r\n")
})

test('the block is replaced, not repeated, and comes out again without a trace', () => {
  const once = withBlock(`${FILE}\n`, { ...base, evaluated: true })
  expect(withBlock(once, { ...base, evaluated: true })).toBe(once)
  expect(withoutBlock(once)).toBe(`${FILE}\n`)
  expect(withBlock(once, { ...base, words: [], env: [], evaluated: true })).toBe(`${FILE}\n`)
})
