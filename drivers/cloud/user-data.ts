/** User data for cloud-init: what a person gave and what is ours in one, as small as it must be. */
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'

/** A part and how cloud-init tells what it is: by its first line. */
const KINDS: readonly [start: RegExp, type: string][] = [
  [/^#!/, 'text/x-shellscript'],
  [/^#cloud-config-archive/, 'text/cloud-config-archive'],
  [/^#cloud-config/, 'text/cloud-config'],
  [/^#cloud-boothook/, 'text/cloud-boothook'],
  [/^#include-once/, 'text/x-include-once-url'],
  [/^#include/, 'text/x-include-url'],
  [/^#part-handler/, 'text/part-handler'],
  [/^## template: *jinja/i, 'text/jinja2'],
]
const MIME = /^(MIME-Version|Content-Type): /i

/**
 * The person's user data with our part after it, in one MIME message; either alone as it is. `theirs` may be compressed,
 * and may be a MIME message itself, which then becomes a part of ours.
 */
export function mergeUserData(theirs: Uint8Array | undefined, ours: string | undefined): Buffer | undefined {
  if (theirs === undefined || theirs.length === 0) return ours === undefined ? undefined : Buffer.from(ours)
  if (ours === undefined) return Buffer.from(theirs)
  const text = Buffer.from(isGzip(theirs) ? gunzipSync(theirs) : theirs)
  const parts = [MIME.test(text.toString('latin1')) ? text : part(text), part(Buffer.from(ours))]
  const boundary = boundaryFor(parts)
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n`
  const body = parts.flatMap(p => [Buffer.from(`--${boundary}\n`), p, Buffer.from('\n')])
  return Buffer.concat([Buffer.from(head), ...body, Buffer.from(`--${boundary}--\n`)])
}

/** As it is where it fits into `most` bytes, else compressed (cloud-init unpacks it); undefined where that does not fit either. */
export function fitted(data: Buffer, most: number): Buffer | undefined {
  if (data.length <= most) return data
  if (isGzip(data)) return undefined
  const packed = gzipSync(data, { level: 9 })
  return packed.length <= most ? packed : undefined
}

function part(content: Buffer): Buffer {
  const text = content.toString('latin1')
  const type = KINDS.find(([start]) => start.test(text))?.[1] ?? 'text/plain'
  const head = `Content-Type: ${type}; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n`
  return Buffer.from(`${head}${(content.toString('base64').match(/.{1,76}/g) ?? []).join('\n')}\n`)
}

/** Equal input gives equal user data: a launch that is asked for again must be the same launch. */
function boundaryFor(parts: readonly Buffer[]): string {
  const digest = createHash('sha256')
  for (const each of parts) digest.update(each)
  return `machine-${digest.digest('hex').slice(0, 24)}`
}

function isGzip(data: Uint8Array): boolean {
  return data[0] === 0x1f && data[1] === 0x8b
}
