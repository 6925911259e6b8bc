/** The script each shell evaluates; all ask `machine __complete` at a Tab. The build puts them beside the bundle. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FILES: Readonly<Record<string, string>> = {
  bash: 'machine.bash',
  zsh: 'machine.zsh',
  fish: 'machine.fish',
  powershell: 'machine.ps1',
}

export const COMPLETED_SHELLS = Object.keys(FILES)

/** The script for `shell`; undefined for one that is not among them. */
export function completionScript(shell: string): string | undefined {
  const file = Object.hasOwn(FILES, shell) ? FILES[shell] : undefined
  return file && readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'completion', file), 'utf8')
}
