/** AWS's codes and texts, verbatim as they were sent, and what is made of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ec2Failure, failureOf, harmless } from '../../../../drivers/amazonec2/failure.ts'
import { problemOf } from '../../../../drivers/amazonec2/problems.ts'
import { providerCode } from '../../../../drivers/cloud/failure.ts'
import { MachineError } from '../../../../src/errors.ts'

const WHERE = {
  region: 'eu-central-1',
  host: 'ec2.eu-central-1.amazonaws.com',
  source: 'profile work',
  profile: 'work',
}

/** What EC2 answered to RunInstances. */
function said(code: string, message: string, more: { action?: string; status?: number; clockAheadMs?: number } = {}) {
  const { action = 'RunInstances', status = 400, clockAheadMs } = more
  return problemOf(
    failureOf(
      {
        name: code,
        message,
        $metadata: { httpStatusCode: status, requestId: 'r-1' },
        ...(clockAheadMs === undefined
          ? {}
          : { $response: { headers: { date: new Date(Date.now() + clockAheadMs).toUTCString() } } }),
      },
      action,
      [],
    ),
    WHERE,
  )
}

interface Quote {
  readonly code: string
  readonly message: string
  readonly kind: string
  readonly text: string | RegExp
  readonly hint: string | RegExp
}

/** Three lines each: `Code: AWS's text`, `= KIND our sentence`, `> our remedy`; in slashes where a part of it will do. */
const QUOTED: Quote[] = readFileSync(join(import.meta.dirname, 'aws-texts.txt'), 'utf8')
  .trim()
  .split('\n\n')
  .map(entry => {
    const [, code = '', message = '', kind = '', text = '', hint = ''] =
      /^([\w.]+): (.*)\n {2}= (\w+) (.*)\n {2}> (.*)$/.exec(entry) ?? []
    return { code, message, kind, text: pattern(text), hint: pattern(hint) }
  })

function pattern(text: string): string | RegExp {
  return /^\/.*\/$/.test(text) ? new RegExp(text.slice(1, -1)) : text
}

test('the table of texts is read whole', () => {
  expect(QUOTED.length).toBeGreaterThan(50)
  expect(QUOTED.filter(quote => quote.code === '')).toEqual([])
})

test.each(QUOTED)('$code: $message', ({ code, message, kind, text, hint }) => {
  const problem = said(code, message)
  expect(problem).toBeInstanceOf(MachineError)
  expect(problem.code).toBe(kind)
  if (typeof text === 'string') expect(problem.message).toBe(text)
  else expect(problem.message).toMatch(text)
  if (typeof hint === 'string') expect(problem.suggestions).toContain(hint)
  else expect(problem.suggestions.join('\n')).toMatch(hint)
  expect(problem.message).not.toMatch(/[.\n]$| {2}|undefined|\b\d{12}\b/)
  expect(providerCode(problem)).toBe(code)
})

test('a code nobody here knows is shown as it is', () => {
  expect(said('BrandNewCode', 'Something new.').message).toBe('EC2 answers BrandNewCode to RunInstances: Something new')
  expect(said('BrandNewCode', 'Something new.', { status: 500 }).code).toBe('EC2_SERVICE')
})

test('an answer that is none of EC2’s is told as such, not as a value to change', () => {
  expect(said('Unknown', 'Unknown', { status: 502 })).toMatchObject({
    code: 'EC2_SERVICE',
    message: 'EC2 in eu-central-1 failed at RunInstances',
  })
  const text =
    '@aws-sdk XML parse error: unexpected content.\n  Deserialization error: to see the raw response, inspect …'
  for (const page of [said('Error', text, { status: 200 }), said('Unknown', 'UnknownError', { status: 404 })])
    expect(page).toMatchObject({
      code: 'EC2_UNREACHABLE',
      message: 'what answers at ec2.eu-central-1.amazonaws.com is no EC2 API',
    })
})

test('a clock that is wrong comes before all that it may be the reason of', () => {
  const problem = said('AuthFailure', 'AWS was not able to validate the provided access credentials', {
    clockAheadMs: 3_600_000 * 100,
  })
  expect(problem.code).toBe('EC2_CLOCK')
  expect(problem.message).toBe("the clock of this computer is 4 days behind AWS's, so AWS refuses what it signs")
})

describe('no answer at all', () => {
  const none = (error: { code?: string; name?: string; message: string }, proxy?: string) =>
    problemOf(failureOf(error, 'DescribeVpcs', []), { ...WHERE, ...(proxy ? { proxy } : {}) })
  test.each([
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND ec2.eu-central-1.amazonaws.com', /cannot be looked up/],
    ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN ec2.eu-central-1.amazonaws.com', /cannot be looked up/],
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9', /refuses connections/],
    ['ENETUNREACH', 'connect ENETUNREACH 192.0.2.1:443', /no way from this computer/],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'self-signed certificate in certificate chain',
      /not to be trusted: self-signed certificate in certificate chain/,
    ],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate', /not to be trusted/],
    ['CERT_HAS_EXPIRED', 'certificate has expired', /not to be trusted/],
    ['ETIMEDOUT', 'connect ETIMEDOUT 192.0.2.1:443', /did not answer DescribeVpcs in time/],
    ['ECONNRESET', 'socket hang up', /broke off/],
    [
      'ERR_PROXY_TUNNEL',
      'Failed to establish tunnel to ec2.eu-central-1.amazonaws.com:443 via http://proxy:3128: HTTP/1.1 403 Forbidden',
      /does not let us through/,
    ],
  ])('%s', (code, message, text) => {
    const problem = none({ code, name: 'Error', message })
    expect(problem).toMatchObject({ code: 'EC2_UNREACHABLE', message: expect.stringMatching(text) })
    expect(problem.suggestions.length).toBeGreaterThan(0)
  })
  test('a proxy is named where there is one', () => {
    expect(none({ code: 'ECONNREFUSED', message: '' }, 'proxy.example:3128').message).toBe(
      'the proxy proxy.example:3128 refuses connections',
    )
  })
  test('a deadline of ours is a time-out', () =>
    expect(none({ name: 'TimeoutError', message: 'no answer within 60 s' }).message).toMatch(
      /did not answer DescribeVpcs in time/,
    ))
})

test.each([
  ['Client.InternalError', 'Client.InternalError: Client error on launch', 'EC2_REFUSED', /could not be encrypted/],
  ['Server.InternalError', 'Server.InternalError: Internal error on launch', 'EC2_SERVICE', /trouble of its own/],
  [
    'Server.InsufficientInstanceCapacity',
    'Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request',
    'EC2_CAPACITY',
    /no capacity/,
  ],
  [
    'Client.VolumeLimitExceeded',
    'Client.VolumeLimitExceeded: Volume limit exceeded',
    'EC2_QUOTA',
    /volumes of the account/,
  ],
  [
    'Client.InvalidSnapshot.NotFound',
    'Client.InvalidSnapshot.NotFound: The snapshot could not be found',
    'EC2_NOT_FOUND',
    /snapshot of its image/,
  ],
  [
    'Client.InvalidKMSKey.InvalidState',
    'Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state',
    'EC2_REFUSED',
    /KMS key/,
  ],
  [
    'Server.SpotInstanceTermination',
    'Server.SpotInstanceTermination: Spot instance termination',
    'EC2_CAPACITY',
    /took the spot instance back/,
  ],
  ['Client.UserInitiatedShutdown', 'Client.UserInitiatedShutdown: User initiated shutdown', 'EC2_CONFLICT', /somebody/],
  [
    'Client.InstanceInitiatedShutdown',
    'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
    'EC2_CONFLICT',
    /shut itself down/,
  ],
  ['Server.ScheduledStop', 'Server.ScheduledStop: Stopped due to a scheduled retirement', 'EC2_CONFLICT', /retired/],
])('an instance that ended by itself: %s', (code, message, kind, text) => {
  const problem = said(code, message)
  expect(problem).toMatchObject({ code: kind, message: expect.stringMatching(text) })
})

test('nothing of use to others gets out of a text', () => {
  expect(harmless('see https://x/?X-Amz-Signature=abc123&X-Amz-Credential=AKIA%2F1&a=b')).toBe(
    'see https://x/?X-Amz-Signature=***&X-Amz-Credential=***&a=b',
  )
  expect(harmless('the key CANARY-1 is bad', ['CANARY-1'])).toBe('the key *** is bad')
  expect(harmless('No. Encoded authorization failure message: 8qxLVdoAQw9')).toBe('No.')
  expect(new Ec2Failure('A', failureOf({ message: 'x' }, 'A', [])).message).toBe('x')
})
