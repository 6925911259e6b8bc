/**
 * Signatures of Alibaba Cloud's RPC APIs, version 1.0: HMAC-SHA1 over the method and all parameters but the signature itself.
 * https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
 */
import { createHmac } from 'node:crypto'

/** RFC 3986: all but letters, digits and - _ . ~ are escaped. */
export const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

export function stringToSign(method: string, parameters: Iterable<readonly [string, string]>): string {
  const pairs = [...parameters]
    .filter(([name]) => name !== 'Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `${method}&%2F&${encode(pairs.map(pair => pair.join('=')).join('&'))}`
}

export function sign(method: string, parameters: Iterable<readonly [string, string]>, secret: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign(method, parameters)).digest('base64')
}
