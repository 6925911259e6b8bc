/** The flags of `create` that also make a docker context. */
import { Flags } from '@oclif/core'
import { UsageError } from '../errors.ts'
import type { CreateAsk } from '../machine/create.ts'

export const contextFlags = {
  context: Flags.boolean({
    description: 'also make a docker context called as the machine: docker --context NAME …',
  }),
  'context-name': Flags.string({ description: 'the same, with another name', helpValue: 'CONTEXT' }),
}

/** What they ask for, for the machines of these names. */
export function contextAsk(
  flags: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Pick<CreateAsk, 'context'> {
  const contextName = flags['context-name'] as string | undefined
  if (contextName === undefined) return flags.context ? { context: {} } : {}
  if (names.length > 1)
    throw new UsageError('--context-name is for one machine', ['--context gives each the name of its machine'])
  return { context: { contextName } }
}
