/** An independent client of the API, which knows nothing of any driver: what tests ask the cloud with. */
import { randomUUID } from 'node:crypto'
import type { Key } from './keys.ts'
import { sign } from './signature.ts'
import { SERVICES, type Service } from './tables/index.ts'

/** What an error answer says. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly data: Readonly<Record<string, unknown>>
  constructor(status: number, data: Readonly<Record<string, unknown>>) {
    super(`${data.Code}: ${data.Message}`)
    this.code = String(data.Code)
    this.status = status
    this.data = data
  }
}

export interface RequestOptions {
  readonly service?: Service
  readonly method?: 'GET' | 'POST'
  readonly key: Key
  readonly url: string
  /** How far ahead the client's clock is, in ms. */
  readonly aheadMs?: number
  /** Set, changed or (with undefined) left out after the defaults and before the signature. */
  readonly common?: Readonly<Record<string, string | undefined>>
  /** Changes the form after it was signed. */
  readonly spoil?: (form: URLSearchParams) => void
}

export type Sent = Readonly<Record<string, string | number | boolean>>

/** The form of a request, signed. */
export function signedForm(action: string, parameters: Sent, options: RequestOptions): URLSearchParams {
  const { service = 'ecs', method = 'POST', key, aheadMs = 0, common = {}, spoil } = options
  const all: Record<string, string | undefined> = {
    Action: action,
    Version: SERVICES[service].version,
    Format: 'JSON',
    AccessKeyId: key.accessKeyId,
    SecurityToken: key.securityToken,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: new Date(Date.now() + aheadMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
    ...common,
  }
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form.append(name, value)
  if (!('Signature' in common)) form.append('Signature', sign(method, form, key.accessKeySecret))
  spoil?.(form)
  return form
}

export async function request<T>(action: string, parameters: Sent, options: RequestOptions): Promise<T> {
  const { method = 'POST', url } = options
  const form = signedForm(action, parameters, options)
  const response =
    method === 'POST'
      ? await fetch(url, { method, body: form })
      : await fetch(`${url}/?${form.toString().replaceAll('+', '%20')}`, { method })
  const data = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new ApiError(response.status, data)
  return data as T
}
