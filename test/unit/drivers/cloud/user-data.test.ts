/** Read back with Python's own MIME parser, which is what cloud-init uses. */
import { execFileSync } from 'node:child_process'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { fitted, mergeUserData } from '../../../../drivers/cloud/user-data.ts'

const OURS = '#!/bin/sh\necho ours\n'

/** Type and content of each part, as cloud-init walks them. */
function partsOf(message: Buffer | undefined): [type: string, content: string][] {
  const program = `
import email, json, sys
parts = [p for p in email.message_from_bytes(sys.stdin.buffer.read()).walk() if p.get_content_maintype() != 'multipart']
print(json.dumps([[p.get_content_type(), p.get_payload(decode=True).decode('utf-8')] for p in parts]))`
  return JSON.parse(execFileSync('python3', ['-c', program], { input: message ?? '' }).toString())
}

test('either alone stays as it is', () => {
  const binary = Buffer.from([0x1f, 0x8b, 0, 255])
  expect(mergeUserData(binary, undefined)).toEqual(binary)
  expect(mergeUserData(undefined, OURS)?.toString()).toBe(OURS)
  expect(mergeUserData(Buffer.alloc(0), OURS)?.toString()).toBe(OURS)
  expect(mergeUserData(undefined, undefined)).toBeUndefined()
})

test.each([
  ['#cloud-config\nrancher:\n  services_include: {x: ü}\n', 'text/cloud-config'],
  ['#cloud-config-archive\n- a\n', 'text/cloud-config-archive'],
  ['#!/bin/bash\n', 'text/x-shellscript'],
  ['#cloud-boothook\n#!/bin/sh\n', 'text/cloud-boothook'],
  ['#include\nhttps://example.com/x\n', 'text/x-include-url'],
  ['#include-once\nhttps://example.com/x\n', 'text/x-include-once-url'],
  ['#part-handler\n', 'text/part-handler'],
  ['## template: jinja\n#cloud-config\n', 'text/jinja2'],
  ['who knows\n', 'text/plain'],
])('%j comes first, as it is, as %s', (theirs, type) => {
  expect(partsOf(mergeUserData(Buffer.from(theirs), OURS))).toEqual([
    [type, theirs],
    ['text/x-shellscript', OURS],
  ])
})

test('compressed user data is unpacked for it', () => {
  const theirs = '#cloud-config\n{}\n'
  expect(partsOf(mergeUserData(gzipSync(theirs), OURS))[0]).toEqual(['text/cloud-config', theirs])
})

test('a message of several parts keeps its parts', () => {
  const two = mergeUserData(Buffer.from('#cloud-config\na: 1\n'), '#!/bin/sh\necho theirs\n')
  expect(partsOf(mergeUserData(two, OURS))).toEqual([
    ['text/cloud-config', '#cloud-config\na: 1\n'],
    ['text/x-shellscript', '#!/bin/sh\necho theirs\n'],
    ['text/x-shellscript', OURS],
  ])
})

test('the same in gives the same out: a launch asked for again must be the same', () => {
  const merge = () => mergeUserData(Buffer.from('#cloud-config\n'), OURS)
  expect(merge()).toEqual(merge())
})

test('what is too large is compressed, and refused where that does not help', () => {
  const small = Buffer.from('x'.repeat(100))
  expect(fitted(small, 100)).toBe(small)
  const packed = fitted(Buffer.from('x'.repeat(1000)), 100)
  expect(gunzipSync(packed ?? '').toString()).toBe('x'.repeat(1000))
  const noise = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7919) % 251))
  expect(fitted(gzipSync(noise), 50)).toBeUndefined()
  expect(fitted(noise, 50)).toBeUndefined()
})
