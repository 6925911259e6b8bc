/**
 * The engine has a key of its own, made on the host and never read by us, and a certificate of our CA for it.
 * dockerd reads them only at its start, so what changes here leaves the engine marked stale.
 */
import { MachineError } from '../../src/errors.ts'
import type { Host } from '../../src/ssh/host.ts'
import { all, type Cmd, script, sh } from '../../src/ssh/quote.ts'
import type { Certificates } from '../ask.ts'
import type { Facts } from '../facts.ts'
import { CERTS } from '../settings.ts'
import type { Step } from '../step.ts'

/** Keeps a usable key at $k, else makes one; prints its public half. */
const KEY = `
[ -d /etc/docker ] || mkdir -m 755 -p /etc/docker || exit 1
if [ ! -s $k ] || ! { openssl pkey -in $k -noout </dev/null || ssh-keygen -y -P '' -f $k </dev/null; } >/dev/null 2>&1; then
  rm -f $k.new $k.new.pub; umask 077
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $k.new 2>/dev/null ||
    { rm -f $k.new; ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -C '' -f $k.new >/dev/null; } || exit 1
  [ -s $k.new ] || exit 1
  rm -f $k.new.pub; mv -f $k.new $k || exit 1
fi
chown 0:0 $k && chmod 400 $k || exit 1
openssl pkey -in $k -pubout </dev/null 2>/dev/null || ssh-keygen -e -m PKCS8 -P '' -f $k </dev/null
`

const INSTALL = script(`
set -e; umask 022
: >/run/machine-engine.stale
read -r ca; read -r cert
printf %s "$ca" | base64 -d >${CERTS.ca}.new && printf %s "$cert" | base64 -d >${CERTS.cert}.new
chmod 444 ${CERTS.ca}.new ${CERTS.cert}.new
mv -f ${CERTS.ca}.new ${CERTS.ca} && mv -f ${CERTS.cert}.new ${CERTS.cert}
`)

/** Why the host's key and certificate will not do, undefined if they do. */
export function certificateProblem(facts: Facts, certificates: Certificates): string | undefined {
  if (!facts.publicKeyPem) return 'the host has no server key'
  if (!/^[46]00 0$/.test(facts.keyMode ?? '')) return `the server key is readable by others (${facts.keyMode})`
  if (facts.caPem?.trim() !== certificates.caPem.trim()) return 'the host trusts another CA'
  if (!facts.serverCertPem) return 'the host has no server certificate'
  return certificates.problem(facts.serverCertPem, facts.publicKeyPem)
}

export function serverCertificate(certificates: Certificates): Step {
  return {
    id: 'server-certificate',
    title: 'server certificate in place',
    doing: 'Putting the server certificate in place',
    announce: 'Copying certs to the remote machine...',
    hint: 'is openssl or ssh-keygen on the host, and room on its disk?',
    holds: facts => certificateProblem(facts, certificates) === undefined,
    apply: async (host, _facts, { signal }) => {
      const certificate = await certificates.issue(await publicKeyOf(host, sh`k=${CERTS.key}`, signal))
      const line = (pem: string) => `${Buffer.from(pem).toString('base64')}\n`
      await host.run(INSTALL, { root: true, signal, input: line(certificates.caPem) + line(certificate) })
    },
  }
}

/** Makes a new key on the host as `path` (mode 0400), whatever lies there; returns its public half (SPKI, PEM). */
export function makeKey(host: Host, path: string, signal: AbortSignal): Promise<string> {
  return publicKeyOf(host, all(sh`k=${path}`, sh`rm -f ${path}`), signal)
}

async function publicKeyOf(host: Host, where: Cmd, signal: AbortSignal): Promise<string> {
  const { stdout } = await host.run(all(where, script(KEY)), { root: true, signal })
  const publicKey = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/.exec(stdout)?.[0]
  if (!publicKey) throw new MachineError('SERVER_KEY_UNREADABLE', "the host did not print its server key's public half")
  return `${publicKey}\n`
}
