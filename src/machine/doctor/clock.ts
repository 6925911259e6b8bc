/** Certificates have dates: clocks that differ make good ones invalid. */
import { sh } from '../../ssh/quote.ts'
import { type Check, failed, ok, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

/** Certificates are issued five minutes back; a clock further behind than this does not take a fresh one. */
const BAD_S = 300
const ODD_S = 30

export const clock: Check<Patient> = {
  id: 'clock',
  what: 'clock',
  needs: ['ssh'],
  async look(patient) {
    const { name, w } = patient
    const before = w.now().getTime()
    const { stdout } = await found(patient, 'host').run(sh`date +%s`, { signal: w.signal })
    const after = w.now().getTime()
    // whole seconds, read somewhere in between
    const skew = Number(stdout.trim()) + 0.5 - (before + after) / 2000
    const apart = Math.abs(skew)
    if (!(apart > ODD_S)) return ok(`within ${Math.max(1, Math.ceil(apart))} s of this computer's`)
    const detail = `${inWords(apart)} ${skew > 0 ? 'ahead of' : 'behind'} this computer's`
    const remedies = [`${w.program} ssh ${name} -- sudo timedatectl set-ntp true`, 'sudo timedatectl set-ntp true']
    return apart > BAD_S ? failed(detail, ...remedies) : warning(detail, ...remedies)
  },
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`
}
