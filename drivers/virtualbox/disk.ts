/** The machine's own disk: linked to the base, or a whole copy of it. */
import { vbox } from './run.ts'
import type { Here } from './state.ts'

export async function makeDisk(base: string, disk: string, linked: boolean, here: Here): Promise<void> {
  if (linked) {
    // Of a normal disk, the last linked one that goes takes the base with it: `unregistervm --delete` climbs up to it.
    await vbox(['modifymedium', 'disk', base, '--type', 'multiattach'], here, { doing: 'share the disk of the image' })
    const link = ['--filename', disk, '--diffparent', base, '--format', 'VDI']
    await vbox(['createmedium', 'disk', ...link], here, { doing: "make the machine's disk" })
  } else {
    const onProgress = (fraction: number) => here.say({ type: 'progress', text: 'copying the disk', fraction })
    await vbox(['clonemedium', 'disk', base, disk, '--format', 'VDI'], here, { doing: 'copy the disk', onProgress })
  }
  here.point('virtualbox disk made')
}
