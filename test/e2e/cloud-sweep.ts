/** `machine DRIVER sweep`, as its tests ask it. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Home, Ran } from '../kit/cli.ts'

export interface Swept {
  readonly leftovers: readonly { kind: string; id: string; place: string; machine?: string }[]
  readonly removed: readonly unknown[]
  readonly left: readonly { thing: unknown; why: string }[]
}

export const sweepOf = (driver: string, home: Home) => ({
  sweep: (...flags: string[]): Promise<Ran> => home.cli(driver, 'sweep', ...flags),
  look: async (...flags: string[]): Promise<Swept> => JSON.parse(await home.ok(driver, 'sweep', '--json', ...flags)),
  /** The record of a machine is lost. */
  lose: (name: string) => rmSync(join(home.store, 'machines', name), { recursive: true }),
})

/** 'instance web', 'security group', sorted. */
export const kindsIn = ({ leftovers }: Swept): string[] =>
  leftovers.map(({ kind, machine = '' }) => `${kind} ${machine}`.trim()).sort()

/** Without what differs each time: ids ('i-1' for all that `ids` finds), times, and how wide they make a column. */
export const plain = ({ code, stdout, stderr }: Ran, ids: RegExp) => ({
  code,
  stdout: stdout
    .replace(ids, '$1-1')
    .replace(/-[0-9a-f]{8}-[0-9a-f]{8}\b/g, '-STORE-RANDOM')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/ {2,}/g, '  ')
    .replace(/ +$/gm, ''),
  stderr,
})
