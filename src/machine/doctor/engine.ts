import { hasCode, messageOf } from '../../errors.ts'
import { adviceAbout } from '../advice.ts'
import { isSecured } from '../instance.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

/** Less than the check's own deadline, so that the step that hangs is told. */
const PATIENCE_MS = 10_000

export const engine: Check<Patient> = {
  id: 'engine',
  what: 'engine',
  needs: ['host'],
  async look(patient) {
    const { name, w } = patient
    const url = found(patient, 'url')
    if (!url.startsWith('tcp:')) return skipped(`${url} is not asked over the network`)
    const { pingEngine } = await import('../../engine/ping.ts')
    const { clientMaterial } = await import('../authority.ts')
    const read = async (file: string) => (await w.store.readFile(['machines', name, file])) ?? ''
    const ours = isSecured(found(patient, 'record'), w)
    try {
      // the very files DOCKER_CERT_PATH names; a machine of `none` has no copies
      const material = ours
        ? { ca: await read('ca.pem'), cert: await read('cert.pem'), key: await read('key.pem') }
        : await clientMaterial(w)
      const seen = await pingEngine({ url, ...material, timeoutMs: PATIENCE_MS, signal: w.signal })
      patient.findings.engine = seen
      return ok(`${seen.version} (API ${seen.minApiVersion} to ${seen.apiVersion}) answers at ${url} over mutual TLS`)
    } catch (error) {
      // An engine of somebody else's may want other certificates, or none: that is no fault of this store.
      if (!ours)
        return hasCode(error, 'NO_CERTS')
          ? skipped('there is no client certificate here to ask it with')
          : warning(messageOf(error))
      return failed(messageOf(error), ...adviceAbout(name, error, w))
    }
  },
}
