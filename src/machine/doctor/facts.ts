import { readFacts } from '../../../provisioning/facts.ts'
import { sh } from '../../ssh/quote.ts'
import { enginePort } from '../instance.ts'
import { type Check, failed, ok } from './check.ts'
import { found, type Patient } from './patient.ts'

export const sudo: Check<Patient> = {
  id: 'root',
  what: 'root',
  needs: ['ssh'],
  async look(patient) {
    const host = found(patient, 'host')
    const { stdout } = await host.run(sh`id -u`, { root: true, signal: patient.w.signal })
    if (stdout.trim() !== '0') return failed(`commands run as user id ${stdout.trim()}`)
    return ok(host.name.startsWith('root@') ? 'logged in as root' : 'sudo works')
  },
}

export const facts: Check<Patient> = {
  id: 'system',
  what: 'system',
  needs: ['root'],
  async look(patient) {
    const { w, findings } = patient
    const seen = await readFacts(found(patient, 'host'), enginePort(found(patient, 'record')), w.signal)
    findings.facts = seen
    return ok(`${seen.os.pretty}, ${seen.arch}, ${seen.init}`)
  },
}
