/** Where VBoxManage is looked for. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { virtualbox } from '../../../../drivers/virtualbox/index.ts'
import { findProgram, howToGet, installFolder, needProgram } from '../../../../drivers/virtualbox/program.ts'

const dir = mkdtempSync(join(tmpdir(), 'machine-vbox-'))
afterAll(() => rmSync(dir, { recursive: true }))
function put(folder: string, name: string, mode = 0o755): string {
  mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(join(dir, folder, name), '')
  chmodSync(join(dir, folder, name), mode)
  return join(dir, folder, name)
}

test('on PATH, the first one that can be run', async () => {
  put('a', 'VBoxManage', 0o644)
  const b = put('b', 'VBoxManage')
  expect(await findProgram({ PATH: `${dir}/a:${dir}/b` }, 'linux')).toBe(b)
})

test('on Windows where its installer says', async () => {
  const exe = put('vb', 'VBoxManage.exe')
  expect(await findProgram({ Path: '', VBOX_MSI_INSTALL_PATH: join(dir, 'vb') }, 'win32')).toBe(exe)
  const usual = put('Program Files/Oracle/VirtualBox', 'VBoxManage.exe')
  expect(await findProgram({ ProgramFiles: join(dir, 'Program Files') }, 'win32')).toBe(usual)
})

test('what the registry answers', () => {
  expect(
    installFolder(
      '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Oracle\\VirtualBox\r\n    InstallDir    REG_SZ    D:\\My Tools\\VirtualBox\\\r\n\r\n',
    ),
  ).toBe('D:\\My Tools\\VirtualBox\\')
  expect(installFolder('ERROR: The system was unable to find the specified registry key or value.')).toBeUndefined()
})

test('where there is none, how to get it', async () => {
  await expect(needProgram({ PATH: dir }, 'freebsd')).rejects.toMatchObject({ code: 'VBOX_MISSING' })
  expect(howToGet('darwin')).toContain('brew install --cask virtualbox')
  expect(howToGet('win32')).toContain('winget install Oracle.VirtualBox')
  const { usable, missing } = await virtualbox.usable({
    env: { PATH: `${dir}/b` },
    signal: new AbortController().signal,
  })
  expect([usable, missing]).toEqual([true, []])
})
