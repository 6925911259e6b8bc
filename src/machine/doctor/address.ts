import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

export const address: Check<Patient> = {
  id: 'address',
  what: 'address',
  needs: ['host'],
  async look(patient) {
    const { name, w } = patient
    const { address: at, url } = found(patient, 'instance')
    if (!at)
      return url === undefined ? failed('it has none', `${w.program} restart ${name}`) : skipped(`${url} has no host`)
    const before = String(found(patient, 'record').Driver.IPAddress ?? '')
    if (before !== '' && before !== at && url === undefined)
      return warning(`${at}; it was ${before} when its certificate was issued`, `${w.program} provision ${name}`)
    if (isIP(at)) return ok(at)
    const { address: resolved } = await lookup(at).catch(error => {
      throw new Error(`the name ${at} has no address (${error.code})`)
    })
    return ok(`${at} is ${resolved}`)
  },
}
