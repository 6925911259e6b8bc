/**
 * Writes src/pulumi/settings: each driver's settings as a type, with what help says of them, from its flag specs. A test fails
 * where they are out of date.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drivers } from '../drivers/index.ts'
import { renderIndex, renderSettings } from '../src/pulumi/render-settings.ts'

const folder = join(import.meta.dirname, '../src/pulumi/settings')
mkdirSync(folder, { recursive: true })
for (const driver of drivers) writeFileSync(join(folder, `${driver.name}.ts`), renderSettings(driver))
writeFileSync(join(folder, 'index.ts'), renderIndex(drivers))
