/** AWS Signature Version 4 of a request, checked as AWS does: moto takes any. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '../cloud/problem.ts'
import type { Keys } from './keys.ts'

export interface Signed {
  readonly accessKeyId: string
  readonly region: string
  readonly service: string
}
export interface SignedRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How far the client's clock may be off. */
const SKEW_MS = 5 * 60_000
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
const REGION = /^(us|us-gov|us-iso|eu|ap|sa|ca|me|af|il|mx|cn)-[a-z]+-\d$/

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const unable = () => new Problem('AuthFailure', 'AWS was not able to validate the provided access credentials', 401)

/** Who sent it, for which region and service. Throws what AWS answers to a request that is not signed well. */
export function checkSignature(request: SignedRequest, keys: Keys, now: number): Signed {
  const { headers } = request
  const parts = AUTHORIZATION.exec(headers.authorization ?? '')
  if (!parts) throw new Problem('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  const [, accessKeyId = '', day = '', region = '', service = '', names = '', signature = ''] = parts
  const key = keys.find(accessKeyId)
  if (!key) {
    if (service === 'ec2') throw unable()
    throw new Problem('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
  }
  const token = headers['x-amz-security-token']
  if (token !== key.sessionToken) throw unable()
  const when = String(headers['x-amz-date'] ?? '')
  const at = Date.parse(when.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(at) || !when.startsWith(day))
    throw new Problem('IncompleteSignature', "Date must be in ISO-8601 'basic format'.")
  if (Math.abs(now - at) > SKEW_MS) throw new Problem('RequestExpired', 'Request has expired.')
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    if (service === 'ec2') throw new Problem('RequestExpired', 'Request has expired.')
    throw new Problem('ExpiredToken', 'The security token included in the request is expired', 403)
  }
  if (!REGION.test(region)) throw new Problem('AuthFailure', 'Credential should be scoped to a valid region.', 401)

  const signed = names.split(';')
  const needed = ['host', ...Object.keys(headers).filter(name => name.startsWith('x-amz-'))]
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', when, scope, sha256(canonical(request, signed))].join('\n')
  const secret = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${key.secretAccessKey}`)
  const right = timingSafeEqual(hmac(secret, text), Buffer.from(signature, 'hex'))
  if (!right || !needed.every(name => signed.includes(name)))
    throw new Problem(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      403,
    )
  return { accessKeyId, region, service }
}

function canonical({ method, url, headers, body }: SignedRequest, signed: readonly string[]): string {
  const { pathname, searchParams } = new URL(url, 'http://cloud')
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const lines = signed.map(
    name =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  )
  return [method, pathname, query.join('&'), lines.join(''), signed.join(';'), sha256(body)].join('\n')
}
