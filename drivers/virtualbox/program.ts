/** Where VBoxManage is: on PATH, or where VirtualBox's installers put it. */
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { VIRTUALBOX_DOWNLOADS } from '../../provisioning/mirrors.ts'
import { MachineError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'

const PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin', '/usr/local/bin', '/opt/VirtualBox', '/usr/lib/virtualbox'],
  darwin: ['/usr/local/bin', '/opt/homebrew/bin', '/Applications/VirtualBox.app/Contents/MacOS'],
}

const HOW: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'brew install --cask virtualbox, or ',
  win32: 'winget install Oracle.VirtualBox, or ',
}

/** Path of VBoxManage; undefined where there is none. */
export async function findProgram(env: Ctx['env'], platform = process.platform): Promise<string | undefined> {
  const windows = platform === 'win32'
  const name = windows ? 'VBoxManage.exe' : 'VBoxManage'
  const onPath = (env.PATH ?? env.Path ?? '').split(windows ? ';' : delimiter)
  const folders = [...onPath, ...(windows ? windowsPlaces(env) : (PLACES[platform] ?? []))]
  for (const folder of folders.filter(Boolean)) if (await isProgram(join(folder, name))) return join(folder, name)
  const registered = windows ? await registeredFolder() : undefined
  return registered && (await isProgram(join(registered, name))) ? join(registered, name) : undefined
}

/** The same; throws VBOX_MISSING with how to get it. */
export async function needProgram(env: Ctx['env'], platform = process.platform): Promise<string> {
  const found = await findProgram(env, platform)
  if (found) return found
  throw new MachineError('VBOX_MISSING', 'VBoxManage, the program of VirtualBox, is not on this computer', {
    hints: [howToGet(platform), 'if it is there, put its folder on PATH'],
  })
}

/** 'brew install --cask virtualbox, or see …' */
export function howToGet(platform = process.platform): string {
  return `install VirtualBox 6.1 or newer: ${HOW[platform] ?? ''}see ${VIRTUALBOX_DOWNLOADS}`
}

function windowsPlaces(env: Ctx['env']): string[] {
  const programs = [env.ProgramW6432, env.ProgramFiles, env['ProgramFiles(x86)'], 'C:\\Program Files']
  const usual = programs.flatMap(folder => (folder ? [join(folder, 'Oracle', 'VirtualBox')] : []))
  return [env.VBOX_INSTALL_PATH, env.VBOX_MSI_INSTALL_PATH, ...usual].filter(folder => folder !== undefined)
}

/** What the installer wrote into the registry. */
async function registeredFolder(): Promise<string | undefined> {
  const asked = promisify(execFile)('reg', ['query', 'HKLM\\SOFTWARE\\Oracle\\VirtualBox', '/v', 'InstallDir'], {
    timeout: 5000,
  })
  const { stdout } = await asked.catch(() => ({ stdout: '' }))
  return installFolder(stdout)
}

/** `    InstallDir    REG_SZ    C:\Program Files\Oracle\VirtualBox\` */
export function installFolder(answer: string): string | undefined {
  return /^\s*InstallDir\s+REG_SZ\s+(.+?)\s*$/m.exec(answer)?.[1]
}

async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
