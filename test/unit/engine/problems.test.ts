/** Texts of Node and OpenSSL, quoted as they came (Node 22, 24 and 26), and what we make of them. */
import { expect, test } from '@jest/globals'
import { engineProblem } from '../../../src/engine/problems.ts'
import { MachineError } from '../../../src/errors.ts'

const URL = 'tcp://198.18.0.7:2376'

test.each([
  [
    { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 198.18.0.7:2376' },
    `nothing listens at ${URL}: the connection was refused (ECONNREFUSED)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH 198.18.0.7:2376' },
    `there is no route to ${URL} (EHOSTUNREACH)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'ETIMEDOUT', message: 'connect ETIMEDOUT 198.18.0.7:2376' },
    `no answer from ${URL} in time`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND nobody.invalid' },
    `the name 198.18.0.7 of ${URL} has no address (ENOTFOUND)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'EAI_AGAIN', message: 'getaddrinfo EAI_AGAIN nobody.invalid' },
    `the name 198.18.0.7 of ${URL} cannot be looked up (EAI_AGAIN)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'ENETUNREACH', message: 'connect ENETUNREACH 198.18.0.7:2376 - Local (0.0.0.0:0)' },
    `there is no route to ${URL} (ENETUNREACH)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'EPERM', message: 'connect EPERM 198.18.0.7:2376' },
    `this computer does not let us connect to ${URL} (EPERM)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'CERT_NOT_YET_VALID', message: 'certificate is not yet valid' },
    expect.stringMatching(
      /^the certificate of tcp:\/\/198\.18\.0\.7:2376 is not valid yet, and the clock of this computer says \d{4}-\d\d-\d\dT[\d:]{8}Z$/,
    ),
    'ENGINE_TLS',
  ],
  [
    {
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      message:
        '40A7F3AA3A7F0000:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:916:SSL alert number 70\n',
    },
    `${URL} speaks no TLS newer than 1.1, which is not safe any more`,
    'ENGINE_TLS',
  ],
  [{ code: 'ECONNRESET', message: 'socket hang up' }, `${URL} closed the connection`, 'ENGINE_UNREACHABLE'],
  [
    {
      code: 'ECONNRESET',
      message: 'Client network socket disconnected before secure TLS connection was established',
    },
    `${URL} closed the connection`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' },
    `the certificate of ${URL} has expired`,
    'ENGINE_TLS',
  ],
  [
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'self-signed certificate in certificate chain' },
    `the certificate of ${URL} is not signed by the CA of this store (SELF_SIGNED_CERT_IN_CHAIN)`,
    'ENGINE_TLS',
  ],
  [
    { code: 'CERT_SIGNATURE_FAILURE', message: 'certificate signature failure' },
    `the certificate of ${URL} is not signed by the CA of this store (CERT_SIGNATURE_FAILURE)`,
    'ENGINE_TLS',
  ],
  [
    {
      code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      message:
        '40F7C0F5C87F0000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:908:SSL alert number 116\n',
    },
    `${URL} refused our client certificate (tlsv13 alert certificate required)`,
    'ENGINE_TLS',
  ],
  [
    {
      code: 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
      message:
        '0080EEF57F7F0000:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:916:SSL alert number 42\n',
    },
    `${URL} refused our client certificate (ssl/tls alert bad certificate)`,
    'ENGINE_TLS',
  ],
  [
    {
      code: 'EPROTO',
      message:
        'write EPROTO 406342602C7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:78:\n',
    },
    `what answers at ${URL} does not speak TLS`,
    'ENGINE_BAD_ANSWER',
  ],
  [
    { code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: 'write EPROTO: wrong version number' },
    `what answers at ${URL} does not speak TLS`,
    'ENGINE_BAD_ANSWER',
  ],
  [
    { code: 'HPE_INVALID_CONSTANT', message: 'Parse Error: Expected HTTP/' },
    `what answers at ${URL} does not speak TLS`,
    'ENGINE_BAD_ANSWER',
  ],
  [{ message: 'something\n  new' }, `the engine at ${URL} cannot be used: something new`, 'ENGINE_BAD_ANSWER'],
])('%j', (error, message, code) => {
  expect(engineProblem(URL, error)).toMatchObject({ code, message, cause: error })
})

const HUNG_UP = { code: 'ECONNRESET', message: 'socket hang up' }
test.each([
  ['name', { message: 'TIMEOUT' }, `the name 198.18.0.7 of ${URL} was not resolved in time`],
  ['connect', { message: 'TIMEOUT' }, `no answer from ${URL} in time`],
  ['tls', { message: 'TIMEOUT' }, `${URL} accepts connections, but began no TLS in time`],
  ['answer', { message: 'TIMEOUT' }, `the engine at ${URL} let us in, but did not answer in time`],
  ['body', { message: 'TIMEOUT' }, `the engine at ${URL} let us in, but did not answer in time`],
  ['tls', HUNG_UP, `${URL} closed the connection during the TLS handshake`],
  ['answer', HUNG_UP, `${URL} closed the connection without an answer`],
  ['body', HUNG_UP, `${URL} closed the connection in the middle of its answer`],
  [
    'answer',
    { code: 'HPE_INVALID_CONSTANT', message: 'Parse Error: Expected HTTP/, RTSP/ or ICE/' },
    `what answers at ${URL} speaks TLS, but not HTTP: it is no engine`,
  ],
] as const)('at the step %s: %j', (step, error, message) => {
  const { message: said, suggestions } = engineProblem(URL, error, { step })
  expect(said).toBe(message)
  expect(suggestions.length).toBeGreaterThan(0)
})

test('an error of ours stays as it is', () => {
  const own = new MachineError('X', 'x')
  expect(engineProblem(URL, own)).toBe(own)
})
