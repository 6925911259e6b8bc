/**
 * What stands before every action: who asks, and whether the request is whole, signed, fresh and of this API's version.
 * https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
 */
import { timingSafeEqual } from 'node:crypto'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import type { Key, Keys } from './keys.ts'
import { sign, stringToSign } from './signature.ts'

/** How far the client's clock may be off. */
const SKEW_MS = 15 * 60_000

export class Gateway {
  readonly #keys: Keys
  readonly #now: () => number
  readonly #nonces = new Set<string>()

  constructor(keys: Keys, now: () => number) {
    this.#keys = keys
    this.#now = now
  }

  /** Whose request it is. */
  check(method: string, form: URLSearchParams, version: string): Key {
    refuseUnless(method === 'GET' || method === 'POST', 'UnsupportedHTTPMethod', 'This http method is not supported.')
    const must = (name: string) => {
      const value = form.get(name)
      refuseUnless(value, `Missing${name}`, `${name} is mandatory for this action.`)
      return value
    }
    must('Action')
    const accessKeyId = must('AccessKeyId')
    const signature = must('Signature')
    const nonce = must('SignatureNonce')
    const timestamp = must('Timestamp')
    refuseUnless(must('Version') === version, 'InvalidVersion', 'Specified parameter Version is not valid.')
    refuseUnless(
      /^json$/i.test(form.get('Format') ?? ''),
      'InvalidParameter.Format',
      'Specified parameter Format is not valid. (The kit answers in JSON.)',
    )
    refuseUnless(
      must('SignatureMethod') === 'HMAC-SHA1',
      'InvalidSignatureMethod',
      'Specified signature method is not valid.',
    )
    refuseUnless(
      must('SignatureVersion') === '1.0',
      'InvalidSignatureVersion',
      'Specified signature version is not valid.',
    )
    const key = this.#keys.find(accessKeyId)
    if (!key) throw new Problem('InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 404)
    if (this.#keys.isDisabled(accessKeyId))
      throw new Problem('InvalidAccessKeyId.Inactive', 'Specified access key is disabled.')
    this.#checkTime(timestamp)
    this.#checkToken(key, form.get('SecurityToken'))
    // 20 bytes in base64; what is none was not made as the documentation says.
    if (!/^[A-Za-z0-9+/]{27}=$/.test(signature))
      throw new Problem('IncompleteSignature', 'The request signature does not conform to Aliyun standards.')
    const right = Buffer.from(sign(method, form, key.accessKeySecret))
    const given = Buffer.from(signature)
    if (right.length !== given.length || !timingSafeEqual(right, given))
      throw new Problem(
        'SignatureDoesNotMatch',
        `Specified signature is not matched with our calculation. server string to sign is:${stringToSign(method, form)}`,
      )
    const used = `${accessKeyId} ${nonce}`
    refuseUnless(!this.#nonces.has(used), 'SignatureNonceUsed', 'Specified signature nonce was used already.')
    this.#nonces.add(used)
    return key
  }

  #checkTime(timestamp: string): void {
    refuseUnless(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp) && !Number.isNaN(Date.parse(timestamp)),
      'InvalidTimeStamp.Format',
      'Specified time stamp or date value is not well formatted.',
    )
    refuseUnless(
      Math.abs(this.#now() - Date.parse(timestamp)) <= SKEW_MS,
      'InvalidTimeStamp.Expired',
      'Specified time stamp or date value is expired.',
    )
  }

  #checkToken(key: Key, token: string | null): void {
    if (key.securityToken === undefined && (token === null || token === '')) return
    refuseUnless(
      token !== null && token !== '' ? token === key.securityToken : false,
      token ? 'InvalidSecurityToken.MismatchWithAccessKey' : 'MissingSecurityToken',
      token ? 'Specified SecurityToken mismatch with the AccessKey.' : 'SecurityToken is mandatory for this action.',
    )
    refuseUnless(
      (key.expiresAt ?? 0) > this.#now(),
      'InvalidSecurityToken.Expired',
      'Specified SecurityToken is expired.',
    )
  }
}
