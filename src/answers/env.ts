import { UsageError } from '../errors.ts'
import { environmentOf } from '../machine/connect.ts'
import { detectShell, noProxyName, renderEnvironment, unsetVariables } from '../machine/environment.ts'
import { oneName } from '../names.ts'
import { commandLine } from '../program-name.ts'
import { type Answering, asJson } from './answer.ts'

interface Flags {
  shell?: string | undefined
  unset?: boolean
  swarm?: boolean
  'no-proxy'?: boolean
  'no-check'?: boolean
  json?: boolean
}

export const env: Answering<Flags> = async ({ names, flags, typed }, w) => {
  if (flags.unset && names.length > 0)
    throw new UsageError('Error: Expected no machine name when the -u flag is present')
  const shell = flags.json ? '' : detectShell(flags.shell, w.env, w.platform)
  const options = { noProxy: flags['no-proxy'] ?? false, check: !flags['no-check'], swarm: flags.swarm ?? false }
  const variables = flags.unset
    ? [
        ...unsetVariables(w.platform === 'win32'),
        ...(flags['no-proxy'] ? [[noProxyName(w.env), undefined] as const] : []),
      ]
    : await environmentOf(await oneName(names, w), w, options)
  if (flags.json) return asJson(Object.fromEntries(variables.map(([k, v]) => [k, v ?? null])))
  return { text: renderEnvironment(variables, shell, commandLine(w.program, typed, w.env)) }
}
