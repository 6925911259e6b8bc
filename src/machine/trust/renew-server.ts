/** A machine's server certificate made anew through its agent: no SSH, no restart, no connection lost. */
import { X509Certificate } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { issueServerCert, ownerOf } from '../../certs/index.ts'
import { agentKey, agentTrust, changeTrust } from '../../engine/agent.ts'
import type { EngineAddress } from '../../engine/attempt.ts'
import { shownCertificate } from '../../engine/shown-certificate.ts'
import { MachineError, messageOf } from '../../errors.ts'
import { type Authority, copyClientMaterial, keepServerCert, loadOrCreateCa, readFiles } from '../authority.ts'
import { engineUrl } from '../instance.ts'
import { worldFor } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import { serverNames } from '../server-names.ts'
import type { World } from '../world.ts'
import { AGENT_TIMEOUT_MS, hasAgent } from './push.ts'
import { RENEW_WITHIN_MS } from './renew-soon.ts'

/** The agent takes a new certificate at once. */
const TAKES_MS = 10_000

/**
 * The new certificate, which the engine serves when this resolves. Needs the machine's lock. Throws as `attempt` does where
 * the agent does not answer or does not take it.
 * @param its the world as `worldFor` made it
 */
export async function renewThroughAgent(
  record: MachineRecord,
  address: string,
  its: World,
  ca: Authority,
): Promise<string> {
  const at: EngineAddress = {
    url: engineUrl(record, { status: 'Running', address }),
    ca: ca.caPem,
    cert: ca.clientCertPem,
    key: ca.clientKeyPem,
    timeoutMs: AGENT_TIMEOUT_MS,
    signal: its.signal,
  }
  const signer = { certPem: ca.caPem, keyPem: ca.caKeyPem() } // throws where it is not here, before a key is made in vain
  const { publicKey } = await agentKey(at)
  its.point('server key made')
  const certPem = await issueServerCert({
    ca: signer,
    publicKeyPem: publicKey,
    owner: ownerOf(its.env, its.platform),
    machine: record.Name,
    names: serverNames(record, address),
    now: its.now(),
  })
  await changeTrust(at, { cert: certPem + ca.crossPem })
  its.point('server certificate taken')
  await untilShown(at, certPem)
  await agentTrust(at) // and it is one that is good for us
  await copyClientMaterial(its, record.Name)
  await keepServerCert(its, record.Name, certPem)
  its.point('certificates copied')
  return certPem
}

async function untilShown(at: EngineAddress, certPem: string): Promise<void> {
  const { fingerprint256 } = new X509Certificate(certPem)
  for (const end = Date.now() + TAKES_MS; ; await sleep(100)) {
    const shown = await shownCertificate(at)
    if (shown !== undefined && new X509Certificate(shown).fingerprint256 === fingerprint256) return
    at.signal?.throwIfAborted()
    if (Date.now() > end)
      throw new MachineError('ENGINE_BAD_ANSWER', `the agent at ${at.url} took a new certificate and does not show it`)
  }
}

/**
 * Renews the server certificate of a machine with the agent when less than 30 days are left of it and the CA's key is here.
 * For whatever speaks to the machine for another reason: it waits for nobody and fails nothing. True if it was renewed.
 * @param notAfter the end of the certificate the engine shows
 */
export async function renewIfDue(record: MachineRecord, w: World, notAfter: Date | string): Promise<boolean> {
  const left = new Date(notAfter).getTime() - w.now().getTime()
  if (!hasAgent(record) || record.Machine?.Phase !== 'ready' || !(left < RENEW_WITHIN_MS)) return false
  const name = record.Name
  try {
    const its = await worldFor(record, w)
    const { caCert, caKey, clientCert, clientKey } = await readFiles(its)
    if ([caCert, caKey, clientCert, clientKey].includes(undefined)) return false // nothing is made here for its sake
    await using _lock = w.store.holds(name)
      ? undefined
      : await w.store.lock(name, { purpose: `renew the certificate of ${name}`, signal: w.signal })
    const certPem = await renewThroughAgent(record, String(record.Driver.IPAddress), its, await loadOrCreateCa(its))
    const end = new Date(new X509Certificate(certPem).validTo).toISOString().slice(0, 10)
    w.say({ machine: name, type: 'info', text: `Renewed the server certificate of "${name}" (good until ${end})` })
    return true
  } catch (error) {
    w.signal.throwIfAborted()
    w.say({ machine: name, type: 'debug', text: `the server certificate was not renewed: ${messageOf(error)}` })
    return false
  }
}
