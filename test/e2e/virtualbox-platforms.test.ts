/**
 * What the driver says to VirtualBox elsewhere than here, before a stand-in of it there: other releases, CPUs, systems and
 * languages. Where it is the driver that would ask which system it is on, its parts are called by themselves.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, jest, test } from '@jest/globals'
import type { CreateCtx } from '../../drivers/driver.ts'
import { makeDisk } from '../../drivers/virtualbox/disk.ts'
import type { VirtualBoxConfig } from '../../drivers/virtualbox/flags.ts'
import {
  createArgs,
  type Hardware,
  hostOnlyArgs,
  modifyArgs,
  ofVm,
  storageArgs,
} from '../../drivers/virtualbox/hardware.ts'
import { haveHostOnlyNet } from '../../drivers/virtualbox/host-only-net.ts'
import { virtualbox } from '../../drivers/virtualbox/index.ts'
import { parseNetwork } from '../../drivers/virtualbox/network.ts'
import { vbox } from '../../drivers/virtualbox/run.ts'
import { seedFor } from '../../drivers/virtualbox/seed.ts'
import { settingsOf } from '../../drivers/virtualbox/settings.ts'
import type { State } from '../../drivers/virtualbox/state.ts'
import { versionOf } from '../../drivers/virtualbox/version.ts'
import { readConfig } from '../../src/driver-config.ts'
import { cloudImage } from '../kit/virtualbox/cloud-image.ts'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'

jest.setTimeout(120_000)
const dir = mkdtempSync(join(tmpdir(), 'machine-platforms-'))
afterAll(() => rmSync(dir, { recursive: true }))
const NET = parseNetwork('192.168.59.1/24')
const KEY = 'ssh-ed25519 AAAA dev'

function ctxFor(standIn: VirtualBoxStandIn, name: string): { ctx: CreateCtx<State>; saved: () => State } {
  let state = {} as State
  const machineDir = join(dir, name)
  mkdirSync(machineDir, { recursive: true })
  const ctx: CreateCtx<State> = {
    name,
    machineDir,
    storeId: 'fee1dead',
    env: { ...process.env, ...standIn.env, HOME: dir, XDG_DATA_HOME: join(dir, `data-${name}`) },
    signal: new AbortController().signal,
    say: () => {},
    point: () => {},
    publicKey: KEY,
    enginePort: 2376,
    checkpoint: async made => {
      state = { ...state, ...made }
    },
  }
  return { ctx, saved: () => state }
}

const configOf = (typed: Record<string, unknown>) => readConfig(virtualbox, typed, {}, []) as VirtualBoxConfig

test.each([
  ['6.1 that speaks German', { release: '6.1', computer: { locale: 'de' } }],
  ['7.2', { release: '7.2' }],
  ['7.0 for Windows, whose lines end otherwise', { release: '7.0', platform: 'windows' }],
] as const)('a whole life with %s', async (title, options) => {
  await using standIn = await startVirtualBox({ ...options, delays: { acpiMs: 20, unlockMs: 50 } })
  const { ctx, saved } = ctxFor(standIn, `m${title.replace(/\W/g, '').slice(0, 8)}`)
  const config = configOf({
    'virtualbox-image': cloudImage(dir),
    'virtualbox-hostonly-address': '192.168.59.40',
    'virtualbox-no-share': true,
  })
  await virtualbox.preflight(config, ctx)
  await virtualbox.create(config, ctx)
  expect(await virtualbox.inspect(saved(), ctx)).toMatchObject({ status: 'Running', address: '192.168.59.40' })
  await virtualbox.power?.stop?.(saved(), ctx)
  expect(await virtualbox.inspect(saved(), ctx)).toMatchObject({ status: 'Stopped' })
  await virtualbox.power?.start?.(saved(), ctx)
  await virtualbox.remove(saved(), ctx)
  expect(await virtualbox.inspect(saved(), ctx)).toEqual({ status: 'Not Found' })
  expect(standIn.complaints).toEqual([])
})

test('macOS from 7.0 on: a host-only network, made once, and a card in it', async () => {
  await using standIn = await startVirtualBox({ release: '7.1', platform: 'macos' })
  const { ctx } = ctxFor(standIn, 'mac')
  const version = await versionOf(ctx)
  expect([await haveHostOnlyNet(NET, ctx), await haveHostOnlyNet(NET, ctx)]).toEqual(
    Array(2).fill('machine-192.168.59.0'),
  )
  expect(standIn.calls.filter(({ argv }) => argv.slice(0, 2).join(' ') === 'hostonlynet add')).toHaveLength(1)
  await standIn.manage('createvm', '--name', 'mac', '--ostype', 'Linux26_64', '--register')
  const card = { HostOnlyNicType: '82540EM', HostOnlyPromiscMode: 'deny', HostOnlyMac: '080027000002' } as State
  const network = { name: 'machine-192.168.59.0', kind: 'network' } as const
  await vbox(['modifyvm', 'mac', ...hostOnlyArgs(network, card, version)], ctx, { doing: 'connect the VM' })
  const { stdout } = await standIn.manage('showvminfo', 'mac', '--machinereadable')
  expect(stdout).toMatch(/^nic2="hostonlynet/m)
  expect(stdout).toMatch(/^macaddress2="080027000002"/m)
  expect(standIn.complaints).toEqual([])
})

test('ARM: a VM of that CPU, with nothing that x86 alone has', async () => {
  await using standIn = await startVirtualBox({ release: '7.1', architecture: 'arm' })
  const { ctx } = ctxFor(standIn, 'arm')
  const state = {
    MachineName: 'arm',
    VMId: '7d5cf0f9-1111-4222-8333-444455556666',
    SSHUser: 'docker',
    NatMac: '080027000001',
    HostOnlyMac: '080027000002',
  } as State
  const settings = settingsOf(configOf({}), ctx.env, 'arm64')
  const hardware: Hardware = { settings, state, version: await versionOf(ctx), arch: 'arm64' }
  const say = (args: string[]) => vbox(args, ctx, { doing: 'make the VM' })
  await say(createArgs(hardware, ctx.machineDir))
  await say(['modifyvm', 'arm', ...modifyArgs(hardware, join(ctx.machineDir, 'console.log'))])
  const [base, disk, seed] = ['base.vdi', 'disk.vdi', 'seed.iso'].map(name => join(ctx.machineDir, name)) as [
    string,
    string,
    string,
  ]
  await say(['clonemedium', 'disk', cloudImage(dir), base, '--format', 'VDI'])
  writeFileSync(seed, seedFor(state, NET, KEY, undefined, undefined))
  await makeDisk(base, disk, true, ctx)
  for (const args of storageArgs(disk, seed, 'arm64')) await say(ofVm(args, 'arm'))
  await say(['startvm', 'arm', '--type', 'headless'])
  expect(standIn.machines()).toMatchObject([{ name: 'arm', state: 'running' }])
  expect(standIn.complaints).toEqual([])
})
