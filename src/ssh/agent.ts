/** The user's SSH agent, as ssh2 wants it. */
import type { BaseAgent, ParsedKey } from 'ssh2'

/**
 * The agent behind `socket` (SSH_AUTH_SOCK), or with `only` (a public key's wire form) the agent that shows just that
 * key. Undefined when no agent answers, it holds no key, or not that one. An `only` that is not known (an encrypted
 * PEM file without its .pub beside it) can't be looked up, so that is no agent either.
 */
export async function agentWith(
  socket: string | undefined,
  ...only: (Buffer | undefined)[]
): Promise<BaseAgent | undefined> {
  if (!socket) return undefined
  const { default: ssh2 } = await import('ssh2')
  const agent = new ssh2.OpenSSHAgent(socket)
  const held = await new Promise<ParsedKey[]>(resolve =>
    agent.getIdentities((error, keys) => resolve(error || !keys ? [] : parsedOnes(keys))),
  )
  const wanted = only.length === 0 ? held : held.filter(key => only.some(blob => blob?.equals(key.getPublicSSH())))
  if (wanted.length === 0) return undefined
  // the list is kept: asking the agent again at each attempt costs time, and keys of other files use up MaxAuthTries
  agent.getIdentities = callback => callback(null, wanted)
  return agent

  function parsedOnes(keys: readonly unknown[]): ParsedKey[] {
    return keys.flatMap(key => {
      const parsed = ssh2.utils.parseKey(key as Buffer)
      return parsed instanceof Error ? [] : [parsed].flat()
    })
  }
}
