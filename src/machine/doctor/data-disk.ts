/** Room for images and containers: bytes, and inodes, which run out first where there are many small files. */
import { script } from '../../ssh/quote.ts'
import { type Check, failed, ok, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

const LEAST_MB = 200
const LOW_MB = 2048
const LOW_SHARE = 0.1
const LEAST_SHARE = 0.01

/** What df says of the engine's data folder, in bytes and in inodes. */
const DF = `conf=/etc/docker/daemon.json
d=$(sed -n 's/.*"data-root"[ ]*:[ ]*"\\([^"]*\\)".*/\\1/p' "$conf" 2>/dev/null | head -n 1)
d=\${d:-/var/lib/docker}
while [ ! -d "$d" ]; do d=\${d%/*}; d=\${d:-/}; done
LC_ALL=C df -Pk "$d" | tail -n 1
LC_ALL=C df -Pi "$d" 2>/dev/null | tail -n 1`

interface Room {
  readonly total: number
  readonly free: number
}

/** Of `device total used free share% place`; NaN where df knows none (btrfs has no inodes to count). */
function room(line: string): Room {
  const words = line.trim().split(/\s+/)
  return { total: Number(words.at(-5)), free: Number(words.at(-3)) }
}

export const dataDisk: Check<Patient> = {
  id: 'disk',
  what: "engine's disk",
  needs: ['root'],
  async look(patient) {
    const { name, w } = patient
    const { stdout } = await found(patient, 'host').run(script(DF), { root: true, signal: w.signal })
    const [bytes = '', inodes = ''] = stdout.split('\n')
    const kb = room(bytes)
    const files = room(inodes)
    const mb = Math.floor(kb.free / 1024)
    const place = bytes.trim().split(/\s+/).at(-1)
    const detail = `${mb} MB (${share(kb)})${files.total > 0 ? ` and ${share(files)} of the inodes` : ''} free on ${place}`
    const prune = `${w.program} ssh ${name} -- sudo docker system prune`
    const few = files.total > 0 ? files.free / files.total : 1
    if (mb < LEAST_MB || few < LEAST_SHARE) return failed(`full: ${detail}`, prune)
    if ((mb < LOW_MB && kb.free / kb.total < LOW_SHARE) || few < LOW_SHARE) return warning(`low: ${detail}`, prune)
    return ok(detail)
  },
}

function share({ total, free }: Room): string {
  return `${Math.floor((free / total) * 100)} %`
}
