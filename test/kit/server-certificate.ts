/** Server certificates of a test's own making, for a machine whose agent is up. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueServerCert, type KeyAndCert } from '../../src/certs/index.ts'
import { agentKey, changeTrust } from '../../src/engine/agent.ts'
import type { Dev } from './dev-machine.ts'
import { identityIn } from './engine-client.ts'
import { shownTo } from './openssl.ts'

/** The CA of the home's store, with its key. */
export function caOf({ home }: Pick<Dev, 'home'>): KeyAndCert {
  const read = (file: string) => readFileSync(join(home.store, 'certs', file), 'utf8')
  return { certPem: read('ca.pem'), keyPem: read('ca-key.pem') }
}

/** Has the agent of `dev` show a certificate that lasts this long; returns its serial number. */
export async function showCertificateFor(days: number, dev: Dev): Promise<string> {
  const at = { url: `tcp://${dev.address}:2376`, ...identityIn(join(dev.home.store, 'machines/dev')) }
  const { publicKey } = await agentKey(at)
  const who = { owner: 'someone', machine: 'dev', names: [dev.address] }
  const cert = await issueServerCert({ ...who, ca: caOf(dev), publicKeyPem: publicKey, now: new Date(), days })
  await changeTrust(at, { cert })
  return shownTo(dev.address).serial
}
