/** For commands whose arguments are another program's: where our own flags end. */

const WITH_VALUE = /^(-s|--(storage-path|tls-ca-cert|tls-ca-key|tls-client-cert|tls-client-key|log-format))$/

/** The leading words that are global flags (with their values), and everything from the first name on. */
export function splitOwnFlags(argv: readonly string[]): { own: string[]; rest: string[] } {
  let i = 0
  while (i < argv.length && argv[i]?.startsWith('-') && argv[i] !== '--')
    i += WITH_VALUE.test(argv[i] as string) ? 2 : 1
  const rest = argv.slice(i)
  return { own: argv.slice(0, i), rest: rest[0] === '--' ? rest.slice(1) : rest }
}
