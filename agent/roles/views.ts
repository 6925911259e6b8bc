/**
 * How a viewer sees what the engine answers, by the name the table of operations calls it: without environment variables and
 * whatever else carries secrets. What cannot be read is not shown at all: the rewriter throws.
 */
import { type Kind, type Rule, rewriteJson } from './rewrite.ts'

/** What a value of that kind is shown as; other kinds stay. A key may be told with that of the object it stands in. */
type Strips = Readonly<Record<string, Partial<Record<Kind, string>>>>

/** Wherever they stand. Values that people choose (labels) are strings, and none of these is touched then. */
const SECRETS: Strips = {
  Env: { '[': '[]' },
  // What the last build step ran and what a build upon the image will run: both may set variables.
  ContainerConfig: { '{': '{}' },
  OnBuild: { '[': '[]' },
  // Passwords of network shares, tokens of log services.
  Options: { '{': '{}' },
  'LogConfig.Config': { '{': '{}', '[': '[]', '"': '""' },
  // The command line of what runs by exec.
  'ProcessConfig.arguments': { '{': '{}', '[': '[]', '"': '""' },
}

/** Build steps are shown with the arguments they were given. */
const BUILDS: Strips = { ...SECRETS, CreatedBy: { '"': '""' }, Description: { '"': '""' } }

export const VIEWS = {
  stripped: rewriter(stripping(SECRETS)),
  builds: rewriter(stripping(BUILDS)),
  addresses: rewriter(({ key, inside, kind, source }) => {
    if (kind !== '"') return undefined
    const address = JSON.parse(source()) as string
    const shown = withoutPassword(key === '' ? inside : key, address)
    return shown === address ? undefined : JSON.stringify(shown)
  }),
} as const

export type ViewName = keyof typeof VIEWS

function rewriter(rule: Rule): (text: string) => string {
  return text => `${rewriteJson(text, rule).trimEnd()}\n`
}

function stripping(table: Strips): Rule {
  const of = (name: string) => (Object.hasOwn(table, name) ? table[name] : undefined)
  return ({ key, inside, kind }) => of(key)?.[kind] ?? of(`${inside}.${key}`)?.[kind]
}

/** Proxies and mirrors: 'http://name:password@host'; a proxy may come without a scheme. */
function withoutPassword(key: string, value: string): string {
  const password = key.endsWith('Proxy') ? /^([a-z][a-z0-9+.-]*:\/\/)?.*@/is : /^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i
  return value.replace(password, (_all, scheme: string | undefined) => `${scheme ?? ''}xxxxx@`)
}
