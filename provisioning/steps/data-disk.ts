/** The engine's data lies on the disk that was made for it. */
import { MachineError } from '../../src/errors.ts'
import type { EngineAsk } from '../ask.ts'
import { DATA_DISK_EXIT, dataDiskCommand } from '../data-disk-script.ts'
import type { Step } from '../step.ts'

const LIMIT_MS = 10 * 60_000

export function dataDisk({ dataDisk: disk }: EngineAsk): Step {
  return {
    id: 'data-disk',
    title: "disk for the engine's data mounted",
    doing: "Mounting the disk for the engine's data",
    hint: 'see `lsblk -f` and /etc/fstab on the host',
    holds: facts => disk === undefined || facts.dataRootMounted,
    apply: async (host, { dataRoot }, { signal }) => {
      if (disk === undefined) return
      const codes = Object.values(DATA_DISK_EXIT)
      const command = dataDiskCommand(disk, dataRoot)
      const { code, stderr } = await host.run(command, {
        root: true,
        ok: [0, 1, ...codes],
        signal,
        timeoutMs: LIMIT_MS,
      })
      if (code !== 0) throw problem(code ?? 1, stderr.trim().replace(/\s*\n\s*/g, '; '), host.name, dataRoot)
    },
    refresh: true,
  }
}

function problem(code: number, said: string, host: string, dataRoot: string): MachineError {
  const byHand = `or mount a disk at ${dataRoot} by hand, then run \`machine provision\``
  const error = (text: string, hints: string[]) => new MachineError('DATA_DISK', text, { hints })
  if (code === DATA_DISK_EXIT.none)
    return error(`no disk of ${host} is the one for the engine's data${said ? ` (there are ${said})` : ''}`, [byHand])
  if (code === DATA_DISK_EXIT.several)
    return error(`several disks of ${host} could be the one for the engine's data: ${said}`, [byHand])
  if (code === DATA_DISK_EXIT.foreign)
    return error(`the disk for the engine's data of ${host} holds something, and is not formatted: ${said}`, [
      `mount it at ${dataRoot} by hand if that is what should be there, then run \`machine provision\``,
    ])
  if (code === DATA_DISK_EXIT.noTool)
    return error(`${host} has no ${said}`, ['install it, then run `machine provision`'])
  if (code === DATA_DISK_EXIT.busy)
    return error(`containers run on ${host}: their data cannot move to the disk meanwhile`, [
      'stop them, then run `machine provision`',
    ])
  return error(`the disk for the engine's data of ${host} could not be mounted: ${said}`, [byHand])
}
