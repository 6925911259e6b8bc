import { expect, test } from '@jest/globals'
import { newerThan } from '../../../provisioning/engine-version.ts'

test.each([
  ['29.1.0', '28', true],
  ['28.5.2', '28', false],
  ['28.5.2', '28.5', false],
  ['28.5.2', '28.5.1', true],
  ['28.5.2', '28.5.2', false],
  ['28.5.2', '29', false],
  ['28.10.0', '28.9', true],
  ['20.10.24+dfsg1', '26.1', false],
  ['26.1.5+dfsg1', '26.1.5', false],
])('%s is newer than all of %s: %s', (have, asked, newer) => expect(newerThan(have, asked)).toBe(newer))
