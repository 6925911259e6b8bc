import { expect, test } from '@jest/globals'
import { fingerprints } from '../../../provisioning/openpgp.ts'

// gpg --quick-gen-key ed25519 made it; gpg --fingerprint names the fingerprint below.
const KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawTVURYJKwYBBAHaRw8BAQdA+c3t5yeCoGzQ56QgSGr5XNSJTfSwPKt/WWse
10CHomW0IVRlc3QgUGFja2FnZXMgPHRAZXhhbXBsZS5pbnZhbGlkPoiQBBMWCAA4
FiEE3bssgXCEIQFVxhTTatsl9ABAd1EFAmsE1VECGwMFCwkIBwIGFQoJCAsCBBYC
AwECHgECF4AACgkQatsl9ABAd1H4QAEAjV5hpR8bXglcNKLRN6gHbgCieA/ZRk9Q
abIqQMwfwuwA/2VTWmFn4Xg78CzNvo598DPpk0LSx0dHhTUkrxiBHf0E
=gu9m
-----END PGP PUBLIC KEY BLOCK-----
`
const FINGERPRINT = 'DDBB2C817084210155C614D36ADB25F400407751'

test('a key has the fingerprint gpg shows', () => {
  expect(fingerprints(KEY)).toEqual([FINGERPRINT])
  expect(fingerprints(KEY.replace('BLOCK-----\n\n', 'BLOCK-----\nVersion: x\n\n').replaceAll('\n', '\r\n'))).toEqual([
    FINGERPRINT,
  ])
})

test('a second key in the file does not hide', () => {
  expect(fingerprints(KEY + KEY.replace('mDMEawTVUR', 'mDMEawTVUh'))).toHaveLength(2)
})

test.each([
  ['nothing', ''],
  ['a web page', '<html>sorry</html>'],
  ['half a key', KEY.replace(/abIqQ.*\n/, '')],
])('%s has none', (_name, text) => {
  expect(fingerprints(text)).toEqual([])
})
