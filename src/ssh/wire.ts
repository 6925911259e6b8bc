/** The few SSH data types (RFC 4251, section 5) that key files and host keys are made of. */

/** A length and the bytes. */
export function wireString(bytes: Uint8Array | string): Buffer {
  const body = Buffer.from(bytes as Uint8Array)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

export function wireUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A positive whole number, given big-endian: no leading zeros, but one where the top bit would read as a sign. */
export function wireMpint(bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length && bytes[start] === 0) start++
  const body = Buffer.from(bytes.subarray(start))
  return wireString((body[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), body]) : body)
}

/** Reads the string at `offset`; undefined when the bytes end before it does. */
export function readWireString(bytes: Buffer, offset: number): { value: Buffer; next: number } | undefined {
  if (offset + 4 > bytes.length) return undefined
  const next = offset + 4 + bytes.readUInt32BE(offset)
  return next > bytes.length ? undefined : { value: bytes.subarray(offset + 4, next), next }
}
