/** Records as Docker Machine wrote them, of each version and four drivers; keys in them are invented. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const VERSIONS = [0, 1, 2, 3] as const
/** Driver → name of its machine. */
export const MACHINES = { generic: 'gen', none: 'ext', amazonec2: 'aws1', virtualbox: 'vb' } as const
export type FixtureDriver = keyof typeof MACHINES
/** Where the store was when they were written. */
export const WRITTEN_IN = '/home/a/.docker/machine'

export const DRIVERS = Object.keys(MACHINES) as FixtureDriver[]
export const ALL = VERSIONS.flatMap(version => DRIVERS.map(driver => [version, driver] as const))

export function fixture(version: number, driver: FixtureDriver): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', `v${version}-${driver}.record`), 'utf8')
}

/** Records of the forks, and of an early version's own kind. */
export function otherFixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', `${name}.record`), 'utf8')
}
