/** Texts of Node and OpenSSL, quoted as they came (Node 22, 24 and 26), and what we make of them. */
import { expect, test } from '@jest/globals'
import { engineProblem } from '../../../src/engine/problems.ts'
import { MachineError } from '../../../src/errors.ts'

const URL = 'tcp://198.18.0.7:2376'

test.each([
  [
    { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 198.18.0.7:2376' },
    `nothing answers at ${URL} (ECONNREFUSED)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH 198.18.0.7:2376' },
    `nothing answers at ${URL} (EHOSTUNREACH)`,
    'ENGINE_UNREACHABLE',
  ],
  [
    { code: 'ETIMEDOUT', message: 'connect ETIMEDOUT 198.18.0.7:2376' },
    `no answer from ${URL} in time`,
    'ENGINE_UNREACHABLE',
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

test('an error of ours stays as it is', () => {
  const own = new MachineError('X', 'x')
  expect(engineProblem(URL, own)).toBe(own)
})
