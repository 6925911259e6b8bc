/**
 * What went wrong, without anything it could give away. Errors of the client carry the URL they were sent to, texts about
 * signatures quote all that was signed. None of it goes further than this file.
 */
import { blotted, CloudFailure, clockAhead, nodeCodeIn } from '../cloud/failure.ts'

export class EcsFailure extends CloudFailure {
  override name = 'EcsFailure'
}

/** The parts of the client's errors that are read. What is no JSON it throws as an object that is no Error. */
interface ClientError {
  name?: string
  code?: string
  message?: string
  data?: { Code?: unknown; Message?: unknown; RequestId?: unknown }
  entry?: { response?: { statusCode?: number; headers?: Record<string, string | undefined> } }
  text?: string
}

/** What the client threw, as ours. `secrets` are blotted out wherever they stand. */
export function failureOf(thrown: unknown, action: string, secrets: readonly string[], now = Date.now()): EcsFailure {
  if (thrown instanceof EcsFailure) return thrown
  const error = Object(thrown) as ClientError
  const { data, entry } = error
  const answered = data?.Code !== undefined
  return new EcsFailure(action, {
    code: answered ? String(data?.Code) : codeOf(error),
    message: harmless(answered ? String(data?.Message ?? '') : plainText(error), secrets),
    status: entry?.response?.statusCode ?? (error.name === 'SyntaxError' ? 502 : undefined),
    requestId: answered && data?.RequestId !== undefined ? String(data.RequestId) : undefined,
    clockAheadMs: clockAhead(entry?.response?.headers, now),
  })
}

/** An answer whose body is no success, though the client took it for one: it does not look at the status. */
export function refusalOf(action: string, status: number, body: unknown): EcsFailure | undefined {
  if (status < 400) return undefined
  const { RequestId } = Object(body) as { RequestId?: unknown }
  return new EcsFailure(action, {
    code: `HTTP${status}`,
    message: `the answer has status ${status} and says no more`,
    status,
    requestId: RequestId === undefined ? undefined : String(RequestId),
  })
}

function codeOf({ name = '', code, message = '' }: ClientError): string {
  if (name === 'SyntaxError') return 'NotJson'
  if (/Timeout/i.test(name) || /(Read|Connect)Timeout/.test(message)) return 'TimeoutError'
  return code ?? nodeCodeIn(message) ?? 'Error'
}

function plainText({ name, message = '', text }: ClientError): string {
  if (name === 'SyntaxError') {
    const start = String(text ?? '')
      .replace(/<[^>]*>|\s+/g, ' ')
      .trim()
      .slice(0, 80)
    return `what answers is no JSON${start ? `: ${start}` : ''}`
  }
  // 'connect ECONNREFUSED 127.0.0.1:1POST http://127.0.0.1:1/ failed.'
  return message
    .replace(/\s*(GET|POST) https?:\/\/\S+ failed\.?/, '')
    .replace(/(GET|POST) https?:\/\/\S+ failed\.?/, '')
}

/** One line without what was signed, signed URLs and the secrets named. */
export function harmless(text: string, secrets: readonly string[] = []): string {
  const cut = text
    .replace(/[,;.]?\s*server string to sign is:?[\s\S]*$/i, '')
    .replace(/,?\s*URL: https?:\/\/\S*/gi, '')
    .replace(/((?:Signature|AccessKeyId|SecurityToken|Password)=)[^&\s'"]+/gi, '$1***')
  return blotted(cut, secrets)
}
