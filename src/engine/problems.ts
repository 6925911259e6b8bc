/** What goes wrong between here and an engine, in words and with a remedy. Texts of OpenSSL and Node are quoted in the test. */
import { MachineError } from '../errors.ts'

/** Turns a network or TLS error at `url` into ours: ENGINE_UNREACHABLE, ENGINE_TLS or ENGINE_BAD_ANSWER. */
export function engineProblem(url: string, error: unknown): MachineError {
  if (error instanceof MachineError) return error
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException
  const text = `${code} ${message}`
  if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN/.test(text))
    return problem('ENGINE_UNREACHABLE', `nothing answers at ${url} (${code || message})`, error, [
      'is the machine running, and is its engine port open to this computer?',
    ])
  if (/TIMEOUT|ETIMEDOUT/i.test(text))
    return problem('ENGINE_UNREACHABLE', `no answer from ${url} in time`, error, [
      'a firewall or security group between here and there often swallows packets like this: open the engine port',
    ])
  if (/ERR_OSSL_PEM|ERR_OSSL_ASN1|KEY_VALUES_MISMATCH|ERR_OSSL_UNSUPPORTED/.test(text))
    return problem('ENGINE_TLS', `our CA or client certificate for ${url} cannot be used: ${reason(message)}`, error)
  if (/ERR_TLS_CERT_ALTNAME_INVALID/.test(text))
    return problem('ENGINE_TLS', `the certificate of ${url} is for other names: ${reason(message)}`, error, [
      'the address of the machine changed, or something else answers there',
    ])
  if (/CERT_HAS_EXPIRED/.test(text)) return problem('ENGINE_TLS', `the certificate of ${url} has expired`, error)
  if (/UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER|CERT_SIGNATURE_FAILURE/.test(text))
    return problem('ENGINE_TLS', `the certificate of ${url} is not signed by the CA of this store (${code})`, error, [
      'another store or another tool made certificates for this engine',
    ])
  if (
    /alert (bad certificate|unknown ca|certificate (required|expired|unknown|revoked))|ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE)|CERTIFICATE_REQUIRED/i.test(
      text,
    )
  )
    return problem('ENGINE_TLS', `${url} refused our client certificate (${reason(message)})`, error)
  if (/wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long|HPE_|Parse Error/i.test(text))
    return problem('ENGINE_BAD_ANSWER', `what answers at ${url} does not speak TLS`, error, [
      'is it the engine that listens there, and was it set up by this tool?',
    ])
  if (/ECONNRESET|EPIPE|socket hang up|disconnected before secure/.test(text))
    return problem('ENGINE_UNREACHABLE', `${url} closed the connection`, error)
  return problem('ENGINE_BAD_ANSWER', `the engine at ${url} cannot be used: ${reason(message)}`, error)
}

function problem(code: string, message: string, cause: unknown, hints: string[] = []): MachineError {
  return new MachineError(code, message, { cause, hints })
}

/** OpenSSL's own words out of `…:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:…`. */
function reason(message: string): string {
  return /:[\w ]+ routines:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? message.replace(/\s+/g, ' ').trim()
}
