/**
 * The address this computer is seen with from outside, as a check service tells it. Asked without a proxy: SSH and the
 * engine are reached without one, too, and that is whose way must be let in.
 */
import { isIP } from 'node:net'
import { MachineError, messageOf, UsageError } from '../../src/errors.ts'

const DEADLINE_MS = 10_000
/** No address is longer, with some white space. */
const MOST_BYTES = 256

export interface AddressAsk {
  /** The check service. */
  readonly url: string
  readonly family: 4 | 6
  /** Prefix of the flags that are named in texts: 'amazonec2'. */
  readonly driver: string
  readonly deadlineMs?: number
}

/** Throws OWN_ADDRESS, naming the flag that makes this question unnecessary; rejects with the signal's reason. */
export async function ownAddress(ask: AddressAsk, signal: AbortSignal): Promise<string> {
  const { url, family, driver, deadlineMs = DEADLINE_MS } = ask
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`--${driver}-check-url "${url}" is no URL`, ['give one as https://checkip.example.com'])
  const deadline = AbortSignal.timeout(deadlineMs)
  let text: string
  try {
    text = (await fetchText(url, family, AbortSignal.any([signal, deadline]))).trim()
  } catch (error) {
    signal.throwIfAborted()
    throw unknown(ask, deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : messageOf(error))
  }
  if (isIP(text) === family) return text
  throw unknown(ask, isIP(text) ? `it saw ${text}` : 'what it answers is no address')
}

function unknown({ url, family, driver }: AddressAsk, why: string): MachineError {
  const { host } = new URL(url)
  const example = family === 4 ? '203.0.113.7/32' : '2001:db8::7/128'
  return new MachineError(
    'OWN_ADDRESS',
    `the IPv${family} address that this computer comes from cannot be found out at ${host}: ${why}`,
    {
      hints: [
        `say who may reach the machine: --${driver}-allow-cidr ${example}`,
        `or name another service that answers with it: --${driver}-check-url URL`,
      ],
    },
  )
}

async function fetchText(url: string, family: 4 | 6, signal: AbortSignal): Promise<string> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  return await new Promise((resolve, reject) => {
    const asking = request(url, { family, signal, agent: false, headers: { 'user-agent': 'machine' } }, answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      if (answer.statusCode !== 200) {
        answer.destroy()
        reject(new Error(`it answers with status ${answer.statusCode}`))
        return
      }
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        if (bytes <= MOST_BYTES) return
        answer.destroy()
        reject(new Error('what it answers is no address'))
      })
      answer.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
      answer.on('error', reject)
    })
    asking.on('error', reject)
    asking.end()
  })
}
