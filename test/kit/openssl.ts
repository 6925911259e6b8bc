/** The openssl program: a second opinion on certificates, and the maker of those Docker Machine would have made. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyAndCert } from '../../src/certs/index.ts'
import { makeTempDir } from './temp-dir.ts'

export interface Verdict {
  readonly ok: boolean
  /** All that openssl said. */
  readonly said: string
}

export interface VerifyOptions {
  purpose?: 'sslserver' | 'sslclient'
  /** Every rule of RFC 5280 it knows; Docker Machine's own CA breaks some. */
  strict?: boolean
  /** Seconds since 1970 at which to look; now by default. */
  at?: number
  /** Name or address the certificate must be for. */
  name?: string
}

/** Whether `openssl verify` takes `certPem` as signed by `caPem`. */
export function verify(certPem: string, caPem: string, options: VerifyOptions = {}): Verdict {
  using dir = makeTempDir()
  const [cert, ca] = [join(dir.path, 'cert.pem'), join(dir.path, 'ca.pem')]
  writeFileSync(cert, certPem)
  writeFileSync(ca, caPem)
  const kind = /^[\d.]+$|:/.test(options.name ?? '') ? '-verify_ip' : '-verify_hostname'
  const args = [
    ...(options.strict === false ? [] : ['-x509_strict']),
    ...(options.purpose ? ['-purpose', options.purpose] : []),
    ...(options.at === undefined ? [] : ['-attime', String(options.at)]),
    ...(options.name === undefined ? [] : [kind, options.name]),
  ]
  const ran = spawnSync('openssl', ['verify', ...args, '-CAfile', ca, cert], { encoding: 'utf8' })
  return { ok: ran.status === 0, said: ran.stdout + ran.stderr }
}

/** The certificate in words. */
export function inWords(certPem: string): string {
  return execFileSync('openssl', ['x509', '-noout', '-text'], { input: certPem, encoding: 'utf8' })
}

/** A CA as Docker Machine made them: RSA, subject of an organisation only, PKCS#1 key, no key id. */
export function dockerMachineCa(days = 1080): KeyAndCert {
  return selfSigned('/O=someone', days, [
    'basicConstraints=critical,CA:TRUE',
    'keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign',
    'subjectKeyIdentifier=none',
    'authorityKeyIdentifier=none',
  ])
}

/** A self-signed RSA certificate with just these extensions. */
export function selfSigned(subject: string, days: number, extensions: readonly string[]): KeyAndCert {
  using dir = makeTempDir()
  const key = rsaKey(join(dir.path, 'key.pem'))
  const more = extensions.flatMap(extension => ['-addext', extension])
  const args = ['-new', '-x509', '-sha256', '-key', join(dir.path, 'key.pem'), '-subj', subject, '-days', String(days)]
  const certPem = execFileSync('openssl', ['req', '-config', minimalConfig(dir.path), ...args, ...more], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { certPem, keyPem: key }
}

/** A client certificate as Docker Machine made them. */
export function dockerMachineClient(ca: KeyAndCert): KeyAndCert {
  return signed(ca, '/O=someone.<bootstrap>', ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=clientAuth'])
}

/** A server certificate as Docker Machine made them, of the machine called `name` at an IP address. */
export function dockerMachineServer(ca: KeyAndCert, name: string, address: string): KeyAndCert {
  return signed(ca, `/O=someone.${name}`, [
    'keyUsage=critical,digitalSignature,keyEncipherment,keyAgreement',
    'extendedKeyUsage=serverAuth',
    `subjectAltName=IP:${address},DNS:localhost`,
  ])
}

function signed(ca: KeyAndCert, subject: string, extensions: readonly string[]): KeyAndCert {
  using dir = makeTempDir()
  const at = (name: string) => join(dir.path, name)
  const keyPem = rsaKey(at('key.pem'))
  writeFileSync(at('ca.pem'), ca.certPem)
  writeFileSync(at('ca-key.pem'), ca.keyPem)
  writeFileSync(at('extensions'), ['basicConstraints=critical,CA:FALSE', ...extensions, ''].join('\n'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const config = minimalConfig(dir.path)
  openssl('req', '-config', config, '-new', '-key', at('key.pem'), '-subj', subject, '-out', at('csr'))
  const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca-key.pem'), '-CAcreateserial', '-days', '1080']
  openssl('x509', '-req', '-in', at('csr'), ...signer, '-extfile', at('extensions'), '-out', at('cert'))
  return { certPem: readFileSync(at('cert'), 'utf8'), keyPem }
}

/** An RSA key in PKCS#1's form, as Docker Machine wrote it. */
function rsaKey(path: string): string {
  execFileSync('openssl', ['genrsa', '-traditional', '-out', path, '2048'], { stdio: 'ignore' })
  return readFileSync(path, 'utf8')
}

/** Without it the distribution's openssl.cnf adds extensions. */
function minimalConfig(dir: string): string {
  const path = join(dir, 'openssl.cnf')
  writeFileSync(path, '[req]\ndistinguished_name=dn\n[dn]\n')
  return path
}

export interface Shown {
  readonly serial: string
  readonly issuer: string
}

/** The certificate the server at this port shows to `openssl s_client`. */
export function shownTo(address: string, port = 2376): Shown {
  const { stdout } = spawnSync('openssl', ['s_client', '-connect', `${address}:${port}`], {
    input: '',
    encoding: 'utf8',
    timeout: 20_000,
  })
  const said = execFileSync('openssl', ['x509', '-noout', '-serial', '-issuer'], { input: stdout, encoding: 'utf8' })
  const [, serial = '', issuer = ''] = /^serial=(.*)\nissuer=(.*)$/m.exec(said) ?? []
  return { serial, issuer }
}
