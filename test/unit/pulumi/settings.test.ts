/** The drivers' settings as types are what the flag specs say; `node bin/settings.mts` writes them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { drivers } from '../../../drivers/index.ts'
import { renderIndex, renderSettings } from '../../../src/pulumi/render-settings.ts'

const folder = join(import.meta.dirname, '../../../src/pulumi/settings')
const there = (file: string) => readFileSync(join(folder, file), 'utf8')

test.each(drivers.map(driver => [driver.name, driver] as const))('%s', (name, driver) => {
  expect(there(`${name}.ts`)).toBe(renderSettings(driver))
})

test('the list of them, and no other', () => {
  expect(there('index.ts')).toBe(renderIndex(drivers))
  expect(readdirSync(folder).sort()).toEqual([...drivers.map(d => `${d.name}.ts`), 'index.ts'].sort())
})
