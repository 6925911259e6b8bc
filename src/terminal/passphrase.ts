/**
 * Where the passphrase of a bundle comes from: stdin where that was asked for, else MACHINE_PASSPHRASE, else the terminal.
 * Never a flag: command lines are read by everybody on the computer and kept in histories.
 */
import { MachineError, UsageError } from '../errors.ts'
import { Secret } from '../ssh/quote.ts'

export interface PassphraseSource {
  /** `--passphrase-stdin` */
  readonly fromStdin: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Asks on the terminal; absent where there is none. */
  readonly ask?: ((prompt: string) => Promise<Secret | undefined>) | undefined
  /** Ask twice, for one that is new: who mistypes it loses the bundle. */
  readonly twice: boolean
}

/** Throws UsageError where nobody can say it, NO_PASSPHRASE for an empty one, PASSPHRASES_DIFFER. */
export async function passphraseFrom(source: PassphraseSource): Promise<Secret> {
  const { fromStdin, env, ask, twice } = source
  if (fromStdin) return filled((await stdinText()).replace(/\r?\n$/, ''))
  if (env.MACHINE_PASSPHRASE !== undefined) return filled(env.MACHINE_PASSPHRASE)
  if (!ask)
    throw new UsageError('the bundle needs a passphrase, and there is no terminal to ask for it', [
      'give it on stdin with --passphrase-stdin, or in MACHINE_PASSPHRASE',
      ...(twice ? ['--no-passphrase leaves the bundle in the clear'] : []),
    ])
  const first = await ask('Passphrase of the bundle: ')
  if (!first) return filled('')
  if (twice && (await ask('The same again: '))?.reveal() !== first.reveal())
    throw new MachineError('PASSPHRASES_DIFFER', 'the two passphrases are not the same; nothing was written')
  return first
}

function filled(text: string): Secret {
  if (text !== '') return new Secret(text)
  throw new MachineError('NO_PASSPHRASE', 'the passphrase is empty')
}

async function stdinText(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
