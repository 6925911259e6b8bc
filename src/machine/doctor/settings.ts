/** Whether the host is what its record says: the steps `provision` would have to apply. */
import { plan } from '../../../provisioning/plan.ts'
import { clientMaterial } from '../authority.ts'
import { certificates, ownsHost } from '../bring-up.ts'
import { engineWish } from '../engine-wish.ts'
import { worldFor } from '../own-authority.ts'
import { type Check, ok, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

export const settings: Check<Patient> = {
  id: 'settings',
  what: 'settings',
  needs: ['system', 'finished'],
  async look(patient) {
    const { name, w } = patient
    const record = found(patient, 'record')
    const its = await worldFor(record, w)
    const { ca } = await clientMaterial(its)
    const hostname = record.Machine?.HostName ?? name
    const ask = { ...(await engineWish(record, its)), ...(ownsHost(record, w) ? { hostname } : {}) }
    const certs = certificates(record, found(patient, 'instance').address ?? '', { caPem: ca }, its)
    const open = plan(found(patient, 'facts'), ask, certs).filter(step => !step.holds(found(patient, 'facts')))
    if (open.length === 0) return ok('as the record says')
    return warning(`not so: ${open.map(step => step.title).join(', ')}`, `${w.program} provision ${name}`)
  },
}
