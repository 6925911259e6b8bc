/** Which driver `create` takes by itself: the first of these that is usable. */
import { expect, test } from '@jest/globals'
import { drivers } from '../../../drivers/index.ts'
import { defaultDriver } from '../../../src/machine/default-driver.ts'

const automatic = drivers.filter(driver => driver.automatic)

test('nspawn, which Linux alone has, then virtualbox, then others of this computer', () => {
  expect(automatic.slice(0, 2).map(driver => driver.name)).toEqual(['nspawn', 'virtualbox'])
})

test('without nspawn it is virtualbox; without that it says how to get each', async () => {
  const w = { env: {}, signal: new AbortController().signal, program: 'machine' }
  const as = (name: string, missing: string[]) => {
    const driver = drivers.find(each => each.name === name)
    if (!driver) throw new Error(name)
    return { ...driver, usable: async () => ({ usable: missing.length === 0, missing }) }
  }
  const nspawn = as('nspawn', ['systemd-nspawn runs on Linux, this computer runs darwin'])
  expect((await defaultDriver({ ...w, drivers: [nspawn, as('virtualbox', [])] })).name).toBe('virtualbox')
  await expect(
    defaultDriver({ ...w, drivers: [nspawn, as('virtualbox', ['VBoxManage: install it'])] }),
  ).rejects.toMatchObject({
    code: 'NO_DRIVER',
    oclif: { exit: 3 },
    suggestions: expect.arrayContaining([
      'nspawn is not usable: systemd-nspawn runs on Linux, this computer runs darwin',
      'virtualbox is not usable: VBoxManage: install it',
    ]),
  })
})
