import { fingerprint } from '../../ssh/keys.ts'
import { driverOf } from '../instance.ts'
import { dialMachine, expectedHostKeys } from '../session.ts'
import { type Check, ok, skipped, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

/** sshd of a host that runs answers in a second or two; the check's own deadline is behind this. */
const PATIENCE_MS = 8_000

export const ssh: Check<Patient> = {
  id: 'ssh',
  what: 'SSH',
  needs: ['address'],
  async look(patient) {
    const { name, w, findings } = patient
    const record = found(patient, 'record')
    const instance = found(patient, 'instance')
    const driver = driverOf(record, w)
    if (!driver.provisions) return skipped(`driver ${driver.name} has nothing to log in to`)
    const host = await dialMachine(record, instance, w, { deadlineMs: PATIENCE_MS })
    findings.host = host
    const key = `${host.hostKey.split(' ')[0]} ${fingerprint(host.hostKey)}`
    if ((await expectedHostKeys(instance, record, w)).length > 0) return ok(`${host.name}, host key as known (${key})`)
    return warning(`${host.name}, host key not pinned yet (${key})`, `${w.program} provision ${name}`)
  },
}
