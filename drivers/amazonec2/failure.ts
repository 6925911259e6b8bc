/**
 * What went wrong, without anything it could give away. Errors of the AWS client carry request and answer, and so the
 * session token; texts about signatures quote the headers that were signed. None of it goes further than this file.
 */
import { blotted, CloudFailure, clockAhead, nodeCodeIn } from '../cloud/failure.ts'

export class Ec2Failure extends CloudFailure {
  override name = 'Ec2Failure'
}

/** The parts of the client's errors that are read. */
interface ClientError {
  name?: string
  code?: string
  message?: string
  cause?: unknown
  $metadata?: { httpStatusCode?: number; requestId?: string }
  $response?: { headers?: Record<string, string> }
}

/** What the client threw, as ours. `secrets` are blotted out wherever they stand. */
export function failureOf(thrown: unknown, action: string, secrets: readonly string[], now = Date.now()): Ec2Failure {
  if (thrown instanceof Ec2Failure) return thrown
  const error = Object(thrown) as ClientError
  const { httpStatusCode: status, requestId } = error.$metadata ?? {}
  return new Ec2Failure(action, {
    code: codeOf(error),
    message: harmless(messageChain(error), secrets),
    status,
    requestId,
    clockAheadMs: clockAhead(error.$response?.headers, now),
  })
}

/** Node's code before the class's name: that one is `Error` for what happens to sockets, or the client's own wrapper. */
function codeOf(error: ClientError): string {
  const inner = Object(error.cause) as ClientError
  const named = error.name === 'Error' ? undefined : error.name
  return error.code ?? named ?? inner.code ?? nodeCodeIn(error.message ?? '') ?? 'Error'
}

function messageChain(error: ClientError): string {
  const inner = (Object(error.cause) as ClientError).message
  const message = error.message || inner || String(error.name)
  return inner && !message.includes(inner) ? `${message}: ${inner}` : message
}

/** One line without what was signed, encoded messages, signed URLs and the secrets named. */
export function harmless(text: string, secrets: readonly string[] = []): string {
  const cut = text
    .replace(/^AWS SDK error wrapper for (\w*Error( \[\w+\])?: )?/, '')
    .replace(/\s*The (Canonical|String-to-Sign)[\s\S]*$/i, '')
    .replace(/\s*Encoded authorization failure message:[\s\S]*$/i, '')
    .replace(/((?:X-Amz-[A-Za-z-]+|Signature|AWSAccessKeyId)=)[^&\s'"]+/gi, '$1***')
  return blotted(cut, secrets)
}
