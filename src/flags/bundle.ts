/** Where a bundle goes and how it is encrypted: what `export` and `share` are told alike. */
import { Flags } from '@oclif/core'
import { UsageError } from '../errors.ts'
import type { World } from '../machine/world.ts'
import type { Secret } from '../ssh/quote.ts'
import { passphraseFrom } from '../terminal/passphrase.ts'

/** @param has what whoever reads an unencrypted one has: 'the machine' */
export function bundleFlags({ file, has }: { file: string; has: string }) {
  return {
    output: Flags.string({
      char: 'o',
      description: `file to write, - for stdout (default ${file})`,
      helpValue: 'FILE',
    }),
    'passphrase-stdin': Flags.boolean({ description: 'read the passphrase from stdin' }),
    'no-passphrase': Flags.boolean({ description: `write a plain tar: whoever reads the file has ${has}` }),
    json: Flags.boolean({ description: 'print what was written as JSON' }),
  }
}

interface Given {
  readonly output?: string | undefined
  readonly 'passphrase-stdin': boolean
  readonly 'no-passphrase': boolean
  readonly json: boolean
}

export interface BundleTarget {
  readonly toStdout: boolean
  /** Absent: not encrypted. */
  readonly passphrase: (() => Promise<Secret>) | undefined
}

/** Throws UsageError for flags that exclude each other, and for a bundle that would go to a terminal. */
export function bundleTarget(flags: Given, w: World): BundleTarget {
  if (flags['passphrase-stdin'] && flags['no-passphrase'])
    throw new UsageError('--passphrase-stdin and --no-passphrase exclude each other')
  const toStdout = flags.output === '-'
  if (toStdout && flags.json) throw new UsageError('with -o - the bundle itself goes to stdout, so --json cannot')
  if (toStdout && process.stdout.isTTY)
    throw new UsageError('a bundle is not text: it is not written to a terminal', ['name a file with -o FILE'])
  const passphrase = () =>
    passphraseFrom({ fromStdin: flags['passphrase-stdin'], env: process.env, ask: w.askSecret, twice: true })
  return { toStdout, passphrase: flags['no-passphrase'] ? undefined : passphrase }
}

/** All of it to stdout; resolves when it is through. */
export function pour(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, error => (error ? reject(error) : resolve()))
  })
}
