import { X509Certificate } from 'node:crypto'
import { serverCertProblem } from '../../certs/index.ts'
import { driverOf, isSecured } from '../instance.ts'
import { serverNames } from '../server-names.ts'
import { life } from './certificates.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

/** `provision` and `start` renew what has less left than this; somebody has to run them. */
const NOTICE_DAYS = 30

export const serverCertificate: Check<Patient> = {
  id: 'server-certificate',
  what: 'server certificate',
  needs: ['address'],
  async look(patient) {
    const { name, w } = patient
    const record = found(patient, 'record')
    if (!isSecured(record, w))
      return skipped(`driver ${driverOf(record, w).name}: the engine's certificate is not ours`)
    const { shownCertificate } = await import('../../engine/shown-certificate.ts')
    const shown = await shownCertificate({ url: found(patient, 'url'), signal: w.signal })
    const certPem = shown ?? (await w.store.readFile(['machines', name, 'server.pem']))
    if (certPem === undefined) return failed('the engine shows none, and the store keeps no copy')
    const caPem = (await w.store.readFile(['machines', name, 'ca.pem'])) ?? ''
    const names = serverNames(record, found(patient, 'instance').address ?? '')
    const remedy =
      record.Machine?.Access === 'client'
        ? `on the computer that manages it: ${w.program} provision ${name}`
        : `${w.program} provision ${name}`
    const seen = shown ? '' : ' (the copy in the store: the engine shows none now)'
    const problem = serverCertProblem({ certPem, caPem, names, now: w.now(), renewWithinDays: 0 })
    if (problem !== undefined) return failed(problem + seen, remedy)
    const left = life(certPem, w.now(), NOTICE_DAYS, remedy)
    const detail = `${left.detail}, for ${altNames(certPem)}${seen}`
    return left.state === 'ok' ? ok(detail) : warning(detail, remedy)
  },
}

function altNames(certPem: string): string {
  const names = new X509Certificate(certPem).subjectAltName ?? ''
  return names.replace(/(DNS|IP Address):/g, '')
}
