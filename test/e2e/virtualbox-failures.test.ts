/** What goes wrong with VirtualBox, as people see it: one sentence, what to do, and nothing left behind. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { cloudImage } from '../kit/virtualbox/cloud-image.ts'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'

jest.setTimeout(120_000)

let vbox: VirtualBoxStandIn
let home: Home
beforeAll(async () => {
  vbox = await startVirtualBox()
  home = await startHome({ ...vbox.env, XDG_DATA_HOME: undefined })
  cloudImage(home.path)
})
afterAll(async () => {
  await home?.[Symbol.asyncDispose]()
  expect(vbox.complaints).toEqual([])
  await vbox?.[Symbol.asyncDispose]()
})

const create = (...args: string[]) =>
  home.cli(
    ...[
      'create',
      '-d',
      'virtualbox',
      '--virtualbox-image',
      cloudImage(home.path),
      '--virtualbox-hostonly-address',
      '192.168.59.30',
    ],
    ...['--virtualbox-no-share', ...args, 'dev'],
  )
const machines = () => (existsSync(join(home.store, 'machines')) ? readdirSync(join(home.store, 'machines')) : [])
/** All but what is for all machines. */
const left = () => vbox.left().filter(thing => !/^(hostonlyif|dhcpserver) |\/images\//.test(thing))

describe('before anything is made', () => {
  afterEach(() => {
    vbox.computer.vtx = true
    expect([machines(), left()]).toEqual([[], []])
  })

  test('no VirtualBox here: exit 3, and how to get it', async () => {
    const PATH = (process.env.PATH ?? '')
      .split(':')
      .filter(folder => !existsSync(join(folder, 'VBoxManage')))
      .join(':')
    const ran = await home.cliWith({ env: { PATH } }, 'create', '-d', 'virtualbox', 'dev')
    expect(ran.code).toBe(3)
    expect(ran.stderr).toContain('driver virtualbox cannot be used on this computer')
    expect(ran.stderr).toContain('VBoxManage: install VirtualBox 6.1 or newer')
    const rows = JSON.parse((await home.cliWith({ env: { PATH } }, 'drivers', '--json')).stdout)
    expect(rows).toContainEqual(
      expect.objectContaining({
        name: 'virtualbox',
        usable: false,
        missing: [expect.stringContaining('install VirtualBox')],
      }),
    )
  })

  test('the CPU cannot', async () => {
    vbox.computer.vtx = false
    const ran = await create()
    expect([ran.code, ran.stderr]).toEqual([
      3,
      expect.stringContaining('finds no virtualization (VT-x, AMD-V) in the CPU'),
    ])
    expect(ran.stderr).toContain('--virtualbox-no-vtx-check goes on all the same')
  })

  test('somebody else’s VM has the name', async () => {
    await vbox.manage('createvm', '--name', 'Dev', '--ostype', 'Linux26_64', '--register')
    const ran = await create()
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('VirtualBox has a VM called')])
    await vbox.manage('unregistervm', 'Dev', '--delete')
  })

  test('a range that VirtualBox refuses, with the line for networks.conf', async () => {
    const ran = await create(
      '--virtualbox-hostonly-cidr',
      '192.168.99.1/24',
      '--virtualbox-hostonly-address',
      '192.168.99.30',
    )
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('allows no host-only network 192.168.99.0/24')])
    expect(ran.stderr).toContain('/etc/vbox/networks.conf: * 192.168.56.0/21 192.168.99.0/24')
  })

  test.each([
    [
      ['--virtualbox-boot2docker-url', 'https://example.com/boot2docker.iso'],
      'is a CD, and boot2docker is no longer made',
    ],
    [['--virtualbox-import-boot2docker-vm', 'boot2docker-vm'], 'works with its CD alone'],
    [['--virtualbox-image', '/nonexistent.vmdk'], '--virtualbox-image /nonexistent.vmdk is no file'],
    [
      ['--virtualbox-share-folder', '/nonexistent:x'],
      'the folder of --virtualbox-share-folder, /nonexistent, is not there',
    ],
  ])('used wrongly: %j', async (args, text) => {
    const ran = await home.cli('create', '-d', 'virtualbox', ...args, 'dev')
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(text)])
  })

  test('what would fail after the image was downloaded', async () => {
    const refused = async (text: string, ...args: string[]) => {
      const ran = await create(...args)
      expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining(text)])
    }
    const folder = join(cloudImage(home.path), 'x')
    await refused(`nothing can be written to ${folder}`, '--virtualbox-image-dir', folder)
    await refused('has the SHA-256', '--virtualbox-image-sha256', '0'.repeat(64))
  })

  test('its kernel module is missing: the wrapper of Linux only warns', async () => {
    const stdout = 'WARNING: The vboxdrv kernel module is not loaded. Either there is no module\n[…]\n7.0.20r163906\n'
    const rule = vbox.faults.add({ command: '--version', gives: { stderr: '', stdout, exit: 0 } })
    const ran = await create()
    rule.remove()
    expect([ran.code, ran.stderr]).toEqual([
      3,
      expect.stringContaining('the kernel module of VirtualBox is not loaded'),
    ])
    expect(ran.stderr).toContain('/sbin/vboxconfig')
  })

  test('an old VirtualBox', async () => {
    const rule = vbox.faults.add({ command: '--version', gives: { stderr: '', stdout: '5.2.44r139111\n', exit: 0 } })
    const ran = await create()
    rule.remove()
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('VirtualBox 5.2.44 is too old')])
  })
})

describe('on the way', () => {
  afterEach(async () => {
    vbox.setNetworksConf(undefined)
    await home.ok('rm', '-y', 'dev')
    expect([machines(), left()]).toEqual([[], []])
  })
  const failing = async (fault: Parameters<VirtualBoxStandIn['faults']['add']>[0], ...args: string[]) => {
    const rule = vbox.faults.add(fault)
    const ran = await create(...args)
    rule.remove()
    expect(rule.hits).toBeGreaterThan(0)
    return ran
  }

  test('the disk is full while the image is converted, and there is nothing of it', async () => {
    const ran = await failing({ command: 'clonemedium', gives: 'disk-full' })
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('no room left on the disk of this computer')])
    expect(readdirSync(join(home.path, '.local/share/machine/images')).filter(name => name.endsWith('.vdi'))).toEqual(
      [],
    )
  })

  test('the image is larger than the disk', async () => {
    const ran = await create('--virtualbox-image', cloudImage(home.path, 5000), '--virtualbox-disk-size', '4000')
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringContaining('needs a disk of 5000 MB, and the machine’s has 4000'.replace('’', "'")),
    ])
    expect(ran.stderr).toContain('--virtualbox-disk-size 5000')
  })

  test('the network is refused after all: its interface is taken away again', async () => {
    vbox.setNetworksConf('* 10.0.0.0/8\n')
    const before = vbox.left().filter(thing => thing.startsWith('hostonlyif'))
    const ran = await create()
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('allows no host-only network 192.168.59.0/24')])
    expect(vbox.left().filter(thing => thing.startsWith('hostonlyif'))).toEqual(before)
  })

  test.each([
    [
      'VBoxManage: error: VT-x is being used by another hypervisor (VERR_VMX_IN_VMX_ROOT_MODE).',
      'another hypervisor, most likely KVM',
      'modprobe -r',
    ],
    [
      'VBoxManage: error: AMD-V is disabled in the BIOS (or by the host OS) (VERR_SVM_DISABLED)',
      'is switched off',
      'firmware set-up',
    ],
    [
      'VBoxManage: error: Something nobody has heard of',
      'could not start the VM: Something nobody has heard of',
      'VBox.log',
    ],
  ])('it does not start: %s', async (stderr, text, hint) => {
    const ran = await failing({ command: 'startvm', gives: { stderr: `${stderr}\n`, exit: 1 } })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(text)
    expect(ran.stderr).toContain(hint)
  })
})

test('a VBoxManage that is only busy is asked again', async () => {
  const rules = (['createvm', 'modifyvm', 'storagectl'] as const).map(command =>
    vbox.faults.add({ command, nth: 1, times: 2, gives: command === 'modifyvm' ? 'locked' : 'not-ready' }),
  )
  const end = vbox.faults.add({ command: 'startvm', gives: { stderr: 'VBoxManage: error: enough\n', exit: 1 } })
  const ran = await create()
  expect(ran.stderr).toContain('could not start the VM: enough')
  expect(rules.map(rule => rule.hits)).toEqual([2, 2, 2])
  for (const rule of [...rules, end]) rule.remove()
  await home.ok('rm', '-y', 'dev')
})

test('--resume takes no offence at the VM that the first try left, and makes it anew; somebody else’s is not touched', async () => {
  const end = vbox.faults.add({ command: 'startvm', gives: { stderr: 'VBoxManage: error: enough\n', exit: 1 } })
  await create()
  const [first] = vbox.machines()
  await using other = await startHome({ ...vbox.env, XDG_DATA_HOME: undefined })
  const theirs = await other.cli('create', '-d', 'virtualbox', '--virtualbox-image', cloudImage(home.path), 'dev')
  expect([theirs.code, theirs.stderr]).toEqual([3, expect.stringContaining('VirtualBox has a VM called')])
  const ran = await create('--resume')
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('could not start the VM: enough')])
  expect(vbox.machines().map(({ name }) => name)).toEqual(['dev'])
  expect(vbox.machines()[0]?.uuid).not.toBe(first?.uuid)
  const unnamed = await home.cli('create', '--resume', '--virtualbox-image', cloudImage(home.path), 'dev')
  end.remove()
  expect(unnamed.stderr).not.toContain('Using driver')
  expect(unnamed.code).toBe(1)
  await home.ok('rm', '-y', 'dev')
  expect(left()).toEqual([])
})

test('a home whose name is not ASCII', async () => {
  await using own = await startHome({ ...vbox.env, XDG_DATA_HOME: join(home.path, 'für Jürgen'), LANG: 'de_DE.UTF-8' })
  const end = vbox.faults.add({ command: 'startvm', gives: { stderr: 'VBoxManage: error: enough\n', exit: 1 } })
  const store = ['--storage-path', join(own.path, 'Ördner')]
  const ran = await own.cli(...store, 'create', '-d', 'virtualbox', '--virtualbox-image', cloudImage(home.path), 'dev')
  end.remove()
  expect(ran.stderr).toContain('could not start the VM: enough')
  await own.ok(...store, 'rm', '-y', 'dev')
  expect(left()).toEqual([])
})

test('rm without VirtualBox says what may be there still, and -f drops the record', async () => {
  const end = vbox.faults.add({ command: 'startvm', gives: { stderr: 'VBoxManage: error: enough\n', exit: 1 } })
  await create()
  end.remove()
  const PATH = (process.env.PATH ?? '')
    .split(':')
    .filter(folder => !existsSync(join(folder, 'VBoxManage')))
    .join(':')
  const ran = await home.cliWith({ env: { PATH } }, 'rm', '-y', 'dev')
  expect([ran.code, ran.stderr]).toEqual([
    1,
    expect.stringContaining('VBoxManage is not on this computer, and "dev" may still be a VM'),
  ])
  await home.ok('rm', '-y', 'dev')
  expect(left()).toEqual([])
})

test('a machine of docker-machine whose VM is gone is removed', async () => {
  const folder = join(home.store, 'machines', 'old')
  mkdirSync(folder, { recursive: true })
  const Driver = {
    IPAddress: '192.168.99.100',
    MachineName: 'old',
    SSHUser: 'docker',
    SSHPort: 50022,
    HostOnlyCIDR: '192.168.99.1/24',
  }
  const record = {
    ConfigVersion: 3,
    DriverName: 'virtualbox',
    Name: 'old',
    Driver,
    HostOptions: { EngineOptions: {}, SwarmOptions: {}, AuthOptions: {} },
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(record))
  expect((await home.cli('status', 'old')).stdout).toBe('Not Found\n')
  await home.ok('rm', '-y', 'old')
})
