import { driverOf, engineUrl, inspectInstance } from '../instance.ts'
import { type Check, failed, ok } from './check.ts'
import { found, type Patient } from './patient.ts'

export const instance: Check<Patient> = {
  id: 'host',
  what: 'host',
  needs: ['record'],
  async look(patient) {
    const { name, w, findings } = patient
    const record = found(patient, 'record')
    const seen = await inspectInstance(record, w)
    const at = seen.address ? ` (${seen.address}${seen.ssh ? `, SSH port ${seen.ssh.port}` : ''})` : ''
    if (seen.status === 'Not Found') return failed('it is gone', `${w.program} rm ${name}`)
    if (seen.status !== 'Running')
      return driverOf(record, w).power?.start
        ? failed(`${seen.status || 'in no known state'}${at}`, `${w.program} start ${name}`)
        : failed(`nothing answers${at}`, `switch it on; is its address right? ${w.program} inspect ${name}`)
    findings.instance = seen
    findings.url = engineUrl(record, seen)
    return ok(`Running${at}`)
  },
}
