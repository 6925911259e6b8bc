import { atLeast, OLDEST_ENGINE } from '../../../provisioning/engine-version.ts'
import type { Init } from '../../../provisioning/facts.ts'
import { type Check, failed, ok, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

const START: Readonly<Record<Init, string>> = {
  systemd: 'systemctl start docker',
  openrc: 'rc-service docker start',
  sysvinit: 'service docker start',
  unknown: 'dockerd',
}

export const service: Check<Patient> = {
  id: 'service',
  what: 'engine service',
  needs: ['system'],
  async look(patient) {
    const { name, w } = patient
    const { engine, service: seen, init } = found(patient, 'facts')
    const provision = `${w.program} provision ${name}`
    if (!engine) return failed('no engine is installed', provision)
    if (!seen.active)
      return failed(
        `dockerd ${engine.version} does not run`,
        `${w.program} ssh ${name} -- sudo ${START[init]}`,
        provision,
      )
    if (!atLeast(engine.version, 20, 10))
      return warning(
        `dockerd ${engine.version} runs, and is older than ${OLDEST_ENGINE}`,
        `${w.program} upgrade ${name}`,
      )
    if (!seen.enabled) return warning(`dockerd ${engine.version} runs, and does not start with the host`, provision)
    return ok(`dockerd ${engine.version} runs`)
  },
}
