/** Four machines made at once by two processes, where there is nothing yet: one image, one network, and disks of their own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, jest, test } from '@jest/globals'
import { startHome } from '../kit/cli.ts'
import { cloudImage } from '../kit/virtualbox/cloud-image.ts'
import { startVirtualBox } from '../kit/virtualbox/virtualbox.ts'

jest.setTimeout(120_000)

test('four at once', async () => {
  await using vbox = await startVirtualBox({ release: '7.1' })
  await using home = await startHome({ ...vbox.env, XDG_DATA_HOME: undefined })
  const pids: number[] = []
  // Without DHCP each gets an address of its own at once, so that only SSH is waited for: nobody is in them.
  const flags = ['--virtualbox-image', cloudImage(home.path), '--virtualbox-no-share', '--virtualbox-hostonly-no-dhcp']
  const create = (...names: string[]) =>
    home.cliWith({ onStart: pid => void pids.push(pid) }, 'create', '-d', 'virtualbox', ...flags, ...names)
  const both = [create('a', 'b'), create('c', 'd')]
  let ended = ''
  for (const each of both)
    each.then(ran => {
      ended += ran.stderr
    })
  const began = Date.now()
  while (vbox.machines().filter(({ state }) => state === 'running').length < 4) {
    if (ended !== '' || Date.now() - began > 90_000)
      throw new Error(`not running: ${JSON.stringify(vbox.machines())}\n${ended}${vbox.complaints}`)
    await sleep(100)
  }
  for (const pid of pids) process.kill(pid, 'SIGINT')
  for (const ran of await Promise.all(both)) expect(ran.stderr).not.toMatch(/could not/)

  const count = (first: string) =>
    vbox.calls.filter(({ argv, exit }) => exit === 0 && argv.join(' ').startsWith(first)).length
  expect([count('clonemedium'), count('hostonlyif create'), count('dhcpserver'), count('createvm')]).toEqual([
    1, 1, 0, 4,
  ])
  const infos = await Promise.all(
    ['a', 'b', 'c', 'd'].map(name => vbox.manage('showvminfo', name, '--machinereadable')),
  )
  const each = (key: RegExp) => infos.map(({ stdout }) => key.exec(stdout)?.[1])
  expect(each(/^hostonlyadapter2="(.*)"/m)).toEqual(Array(4).fill('vboxnet0'))
  for (const own of [/^macaddress1="(.*)"/m, /^macaddress2="(.*)"/m, /^"SATA-0-0"="(.*)"/m, /^Forwarding\(0\)="(.*)"/m])
    expect(new Set(each(own)).size).toBe(4)

  const records = ['a', 'b', 'c', 'd'].map(
    name => JSON.parse(readFileSync(join(home.store, 'machines', name, 'config.json'), 'utf8')).Driver,
  )
  const addresses = records.map(driver => driver.HostOnlyAddress)
  expect(new Set(addresses).size).toBe(4)
  const fifth = await create('--virtualbox-hostonly-address', addresses[0], 'e')
  expect([fifth.code, fifth.stderr]).toEqual([1, expect.stringContaining(`${addresses[0]} is the address of "a"`)])

  await home.ok('rm', '-y', 'a', 'b', 'c', 'd', 'e')
  expect(vbox.left().filter(thing => !/^(hostonlyif vboxnet0|hdd .*\/images\/)/.test(thing))).toEqual([])
  expect(vbox.complaints).toEqual([])
})
