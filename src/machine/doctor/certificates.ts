/** The store's CA and client certificate: there, matching their keys, not about to run out. */
import { examine, pairProblem } from '../../certs/index.ts'
import { readFiles } from '../authority.ts'
import type { World } from '../world.ts'
import { type Check, type Finding, failed, ok, skipped, warning } from './check.ts'

const DAY_MS = 86_400_000
/** Replacing a CA touches every machine: time to plan it. */
const CA_NOTICE_DAYS = 90
const CLIENT_NOTICE_DAYS = 30

const PUT_BACK = 'put the right files back from a backup'

export const authorityCheck: Check<World> = {
  id: 'ca',
  what: 'CA',
  needs: ['store'],
  async look(w) {
    const { caCert, caKey } = await readFiles(w)
    const folder = w.store.filePath(['certs'])
    if (caCert === undefined && caKey === undefined) return skipped('none yet: the first create makes it')
    if (caCert === undefined) return failed(`ca-key.pem is there, but ca.pem is missing in ${folder}`, PUT_BACK)
    const now = w.now()
    const until = life(
      caCert,
      now,
      CA_NOTICE_DAYS,
      'move all four files away and provision every machine: a new CA is made',
    )
    if (caKey === undefined)
      return until.state === 'ok' ? warning(`${folder} has no ca-key.pem: nothing can be issued here`, PUT_BACK) : until
    const problem = pairProblem({ certPem: caCert, keyPem: caKey, now })
    if (problem !== undefined && !/expired/.test(problem)) return failed(`ca.pem ${problem}`, PUT_BACK)
    return until
  },
}

export const clientCheck: Check<World> = {
  id: 'client-certificate',
  what: 'client certificate',
  needs: ['ca'],
  async look(w) {
    const { caCert = '', clientCert, clientKey } = await readFiles(w)
    if (clientCert === undefined && clientKey === undefined) return skipped('none yet: the first create makes it')
    const folder = w.store.filePath(['certs'])
    const renew = `${w.program} regenerate-certs --client-certs NAME`
    if (clientCert === undefined || clientKey === undefined)
      return failed(`${clientCert === undefined ? 'cert.pem' : 'key.pem'} is missing in ${folder}`, PUT_BACK, renew)
    const problem = pairProblem({ certPem: clientCert, keyPem: clientKey, caPem: caCert, now: w.now() })
    if (problem !== undefined && !/expired/.test(problem)) return failed(`cert.pem ${problem}`, PUT_BACK, renew)
    return life(clientCert, w.now(), CLIENT_NOTICE_DAYS, renew)
  },
}

/** How long a certificate still lives. */
export function life(certPem: string, now: Date, noticeDays: number, remedy: string): Finding {
  const { notAfter, notBefore } = examine(certPem)
  const day = notAfter.toISOString().slice(0, 10)
  const days = Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS)
  if (now < notBefore) return failed(`is not valid before ${notBefore.toISOString()}: one clock is wrong`, remedy)
  if (now > notAfter) return failed(`expired on ${day}`, remedy)
  if (days < noticeDays) return warning(`expires on ${day}, in ${days} day${days === 1 ? '' : 's'}`, remedy)
  return ok(`valid until ${day}`)
}
