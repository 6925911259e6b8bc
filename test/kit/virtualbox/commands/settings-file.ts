import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Vm } from '../world.ts'

/** The .vbox file: what registervm reads stands in it as JSON. */
export function writeSettings(vm: Vm): void {
  mkdirSync(dirname(vm.settingsFile), { recursive: true })
  const { uuid, name } = vm
  const kept = JSON.stringify({ ...vm, registered: false, state: vm.state === 'saved' ? 'saved' : 'poweroff' })
  writeFileSync(
    `${vm.settingsFile}.tmp`,
    `<?xml version="1.0"?>\n<VirtualBox xmlns="http://www.virtualbox.org/" version="1.19-linux">\n  <Machine uuid="{${uuid}}" name="${name}"/>\n  <!--${Buffer.from(kept).toString('base64')}-->\n</VirtualBox>\n`,
  )
  renameSync(`${vm.settingsFile}.tmp`, vm.settingsFile)
}
