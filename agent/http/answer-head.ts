/** The head of the engine's answer, as far as the relay has to understand it. */
import { type Field, readLines, tokensOf, valuesOf } from './fields.ts'

export interface AnswerHead {
  readonly status: number
  readonly fields: readonly Field[]
  /** 'close': the body ends with the connection. */
  readonly body: { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' | 'close' }
  readonly close: boolean
  readonly type: string
}

/** @param method what was asked: an answer to HEAD has no body whatever its fields say */
export function readAnswerHead(text: string, method: string): AnswerHead {
  const { first, fields } = readLines(text)
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1] ?? Number.NaN)
  if (Number.isNaN(status)) throw new Error('the engine does not speak HTTP')
  return {
    status,
    fields,
    body: bodyOf(status, fields, method),
    close: tokensOf(fields, 'connection').includes('close') || first.startsWith('HTTP/1.0'),
    type: (valuesOf(fields, 'content-type')[0] ?? '').toLowerCase().replace(/;.*$/, '').trim(),
  }
}

function bodyOf(status: number, fields: readonly Field[], method: string): AnswerHead['body'] {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 }
  if (tokensOf(fields, 'transfer-encoding').at(-1) === 'chunked') return { kind: 'chunked' }
  const [length] = valuesOf(fields, 'content-length')
  return length !== undefined && /^\d+$/.test(length) ? { kind: 'length', bytes: Number(length) } : { kind: 'close' }
}

/** The head with `Connection: close` in place of what it says, and another length where the body was rewritten. */
export function renderAnswerHead(text: string, { bodyBytes, close }: { bodyBytes?: number; close: boolean }): Buffer {
  const gone = /^(connection|keep-alive)$/i
  const length = /^(content-length|transfer-encoding|trailer)$/i
  const [first = '', ...lines] = text.split('\r\n')
  const kept = lines.filter(line => {
    const name = line.slice(0, line.indexOf(':'))
    return !(close && gone.test(name)) && !(bodyBytes !== undefined && length.test(name))
  })
  if (bodyBytes !== undefined) kept.push(`Content-Length: ${bodyBytes}`)
  if (close) kept.push('Connection: close')
  return Buffer.from(`${[first, ...kept].join('\r\n')}\r\n\r\n`, 'latin1')
}
