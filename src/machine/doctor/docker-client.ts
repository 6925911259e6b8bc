/** Client and engine have a range of API versions each; newer engines refuse old clients (29 wants 1.44). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findOnPath } from '../programs.ts'
import { type Check, failed, ok, skipped } from './check.ts'
import { found, type Patient } from './patient.ts'

export const dockerClient: Check<Patient> = {
  id: 'docker-client',
  what: 'docker client',
  needs: ['engine'],
  async look(patient) {
    const { w, findings } = patient
    if (findings.engine === undefined) return skipped('the engine did not say its API')
    const path = await findOnPath('docker', w)
    if (path === undefined) return skipped('there is no docker client here')
    const { minApiVersion: least } = found(patient, 'engine')
    // It tells its own version also where no engine answers: none is asked here.
    const env = { PATH: w.env.PATH, HOME: w.env.HOME, DOCKER_HOST: 'tcp://127.0.0.1:1' }
    const args = ['version', '--format', '{{.Client.DefaultAPIVersion}}']
    const ran = await promisify(execFile)(path, args, { signal: w.signal, env }).catch(error => error)
    const speaks = /^\d+\.\d+$/m.exec(ran.stdout ?? '')?.[0]
    if (speaks === undefined) return skipped('docker does not say its API')
    if (least === '' || !older(speaks, least)) return ok(`speaks API ${speaks}, which the engine takes`)
    return failed(
      `speaks API ${speaks} at most, and the engine takes ${least} or newer`,
      'install a newer docker client',
    )
  },
}

function older(a: string, b: string): boolean {
  const [major = 0, minor = 0] = a.split('.').map(Number)
  const [thanMajor = 0, thanMinor = 0] = b.split('.').map(Number)
  return major < thanMajor || (major === thanMajor && minor < thanMinor)
}
