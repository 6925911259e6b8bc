/**
 * The agent has a key of its own, made on the host and never read by us, and a certificate of our CA for it. It takes both
 * over on SIGHUP: no connection is dropped. Each certificate gets a new key: to use the old one again, root would have to
 * read it from a folder in which the agent can put a link to any other.
 */
import { HOST } from '../../../agent/protocol.ts'
import type { Host } from '../../../src/ssh/host.ts'
import { all, script } from '../../../src/ssh/quote.ts'
import type { Certificates } from '../../ask.ts'
import type { Facts } from '../../facts.ts'
import type { Step } from '../../step.ts'
import { makeKey } from '../../steps/server-certificate.ts'
import { CONFIG_FOLDER } from '../paths.ts'
import { markStale } from './files.ts'

/** Where the new key waits for its certificate. */
const WAITING = `${CONFIG_FOLDER}/.new-key.pem`

/** stdin: CA and certificate, a line of base64 each. */
const INSTALL = script(
  `
set -e; umask 077; n=${CONFIG_FOLDER}/.new
read -r ca; read -r cert
{ cat ${WAITING}; printf %s "$cert" | base64 -d; } >$n-identity
printf %s "$ca" | base64 -d >$n-ca
chown ${HOST.user} $n-identity $n-ca; chmod 400 $n-identity; chmod 644 $n-ca
sync $n-identity $n-ca 2>/dev/null || sync
mv -f $n-ca ${HOST.ca}; mv -f $n-identity ${HOST.identity}; rm -f ${WAITING}
`.trim(),
)

/** Why the agent's key and certificate will not do, undefined if they do. */
export function agentCertificateProblem({ agent }: Facts, certificates: Certificates): string | undefined {
  if (!agent.publicKeyPem) return 'the agent has no key'
  if (!new RegExp(`^[46]00 ${HOST.user}$`).test(agent.keyMode ?? '')) return `the agent's key is ${agent.keyMode}`
  if (agent.caPem?.trim() !== certificates.caPem.trim()) return 'the agent trusts another CA'
  if (!agent.certPem) return 'the agent has no certificate'
  return certificates.problem(agent.certPem, agent.publicKeyPem)
}

export function agentCertificate(certificates: Certificates): Step {
  return {
    id: 'agent-certificate',
    title: 'server certificate in place',
    doing: 'Putting the server certificate in place',
    announce: 'Copying certs to the remote machine...',
    hint: 'is openssl or ssh-keygen on the host, and room on its disk?',
    holds: facts => agentCertificateProblem(facts, certificates) === undefined,
    apply: async (host, _facts, { signal }) => {
      await installCertificate(host, certificates, signal)
    },
  }
}

/** Makes a key and puts it in place with a certificate, which is returned; the agent still has to be told. */
export async function installCertificate(host: Host, certificates: Certificates, signal: AbortSignal): Promise<string> {
  const certPem = await certificates.issue(await makeKey(host, WAITING, signal))
  const line = (pem: string) => `${Buffer.from(pem).toString('base64')}\n`
  const input = line(certificates.caPem) + line(certPem)
  await host.run(all(markStale('reload'), INSTALL), { root: true, signal, input })
  return certPem
}
