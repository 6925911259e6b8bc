/** The copies in the machine's folder, which DOCKER_CERT_PATH names. */
import { pairProblem } from '../../certs/index.ts'
import { clientMaterial } from '../authority.ts'
import { driverOf, isSecured } from '../instance.ts'
import { worldFor } from '../own-authority.ts'
import { life } from './certificates.ts'
import { type Check, failed, skipped, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

const NOTICE_DAYS = 30

export const clientFiles: Check<Patient> = {
  id: 'client-files',
  what: 'client certificate',
  needs: ['record'],
  async look(patient) {
    const { name, w } = patient
    const record = found(patient, 'record')
    if (!isSecured(record, w)) return skipped(`driver ${driverOf(record, w).name} brings none`)
    const read = (file: string) => w.store.readFile(['machines', name, file])
    const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
    const bundle = record.Machine?.Access === 'client'
    const remedy = bundle ? 'ask for a new bundle on the computer that manages it' : `${w.program} provision ${name}`
    const missing = Object.entries({ 'ca.pem': ca, 'cert.pem': cert, 'key.pem': key }).filter(([, pem]) => !pem)
    if (!ca || !cert || !key)
      return failed(`${w.store.machineDir(name)} has no ${missing.map(([file]) => file).join(', no ')}`, remedy)
    const problem = pairProblem({ certPem: cert, keyPem: key, caPem: ca, now: w.now() })
    if (problem !== undefined && !/expired/.test(problem)) return failed(`cert.pem ${problem}`, remedy)
    const own = await clientMaterial(await worldFor(record, w)).catch(() => undefined)
    if (own && (own.ca.trim() !== ca.trim() || own.cert.trim() !== cert.trim()))
      return warning("is not the store's: it was made anew since", remedy)
    return life(cert, w.now(), NOTICE_DAYS, bundle ? remedy : `${w.program} regenerate-certs --client-certs ${name}`)
  },
}
