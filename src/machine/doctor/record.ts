import { driverOf } from '../instance.ts'
import { loadRecord } from '../load.ts'
import { type Check, failed, ok } from './check.ts'
import { found, type Patient } from './patient.ts'

export const record: Check<Patient> = {
  id: 'record',
  what: 'record',
  async look({ name, w, findings }) {
    findings.record = await loadRecord(w.store, name, w.program)
    return ok(`driver ${driverOf(findings.record, w).name}`)
  },
}

/** An interrupted create or provision is no reason not to look on. */
export const finished: Check<Patient> = {
  id: 'finished',
  what: 'create',
  needs: ['record'],
  async look(patient) {
    const { name, w } = patient
    const { Machine: extras, DriverName: driver } = found(patient, 'record')
    if (extras?.Phase === 'creating')
      return failed('was interrupted', `${w.program} create --resume -d ${driver} ${name}`, `${w.program} rm ${name}`)
    if (extras?.Phase === 'provisioning')
      return failed('provisioning was interrupted', `${w.program} provision ${name}`)
    return ok(extras?.Created ? `finished (begun ${extras.Created})` : 'finished')
  },
}
