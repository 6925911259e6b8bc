/** The stand-in VirtualBox: a guest that boots from its disc, and what it is to the computer. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { nspawnHosts } from '../hosts/virtualbox-hosts.ts'
import { sshOnce, sshOnceUp } from '../kit/ssh-up.ts'
import { unless } from '../kit/tools.ts'
import { until } from '../kit/until.ts'
import { makeIso } from '../kit/virtualbox/make-iso.ts'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'
import { callsOf } from './virtualbox-calls.ts'

const noHosts = await whyNoHosts()
const needsHosts = unless(noHosts)
const PORT = 40_000 + 100 * Number(process.env.MACHINE_TEST_SLOT ?? 0) + Number(process.env.JEST_WORKER_ID ?? 1)

let folder: string
let vbox: VirtualBoxStandIn
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-vbox-test-'))
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
  vbox = await startVirtualBox(noHosts === undefined ? { makeHost: nspawnHosts() } : {})
}, 300_000)
afterAll(async () => {
  await vbox?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const { must } = callsOf(() => vbox)
const now = (name: string) => vbox.machines().find(vm => vm.name === name)

async function makeSeed(name: string, label: string, config: object): Promise<string> {
  const key = (await readFile(join(folder, 'key.pub'), 'utf8')).trim()
  const userData = `#cloud-config\n${JSON.stringify({ ssh_authorized_keys: [key], write_files: [{ path: '/root/asked', content: 'hello\n' }] })}\n`
  const files = {
    'user-data': userData,
    'meta-data': `instance-id: ${name}-1\nlocal-hostname: ${name}\n`,
    'network-config': JSON.stringify(config),
  }
  const path = join(folder, `${name}-${label}.iso`)
  await writeFile(path, makeIso(label, files))
  return path
}

async function makeMachine(name: string): Promise<Record<string, string>> {
  await must('createvm', '--name', name, '--ostype', 'Ubuntu_64', '--register')
  await must('storagectl', name, '--name', 'SATA', '--add', 'sata', '--portcount', '2')
  await must('modifyvm', name, '--nic1', 'nat', '--nic2', 'hostonly', '--hostonlyadapter2', 'vboxnet0')
  const text = await must('showvminfo', name, '--machinereadable')
  return Object.fromEntries(
    [...text.matchAll(/^(macaddress\d)="(.*)"$/gm)].map(([, key = '', mac = '']) => [
      key,
      mac.match(/../g)?.join(':').toLowerCase() ?? '',
    ]),
  )
}
const insert = (name: string, iso: string) =>
  must(
    'storageattach',
    name,
    '--storagectl',
    'SATA',
    '--port',
    '1',
    '--device',
    '0',
    '--type',
    'dvddrive',
    '--medium',
    iso,
  )
const ethernets = (macs: Record<string, string>) => ({
  version: 2,
  ethernets: Object.fromEntries(
    ['macaddress1', 'macaddress2'].map((key, i) => [`card${i}`, { match: { macaddress: macs[key] }, dhcp4: true }]),
  ),
})

needsHosts(
  'the disc makes the guest: its key, its name, its addresses; ports of NAT lead there; it goes off in order and comes again',
  async () => {
    await must('hostonlyif', 'create')
    await must('hostonlyif', 'ipconfig', 'vboxnet0', '--ip', '192.168.59.1', '--netmask', '255.255.255.0')
    await must(
      'dhcpserver',
      'add',
      '--interface',
      'vboxnet0',
      '--server-ip',
      '192.168.59.2',
      '--netmask',
      '255.255.255.0',
      '--lower-ip',
      '192.168.59.100',
      '--upper-ip',
      '192.168.59.254',
      '--enable',
    )
    const macs = await makeMachine('web')
    await must('modifyvm', 'web', '--natpf1', `ssh,tcp,127.0.0.1,${PORT},,22`)
    await insert('web', await makeSeed('web', 'cidata', ethernets(macs)))
    await must('startvm', 'web', '--type', 'headless')
    // At once somebody listens, who does not know the guest yet.
    const early = connect(PORT, '127.0.0.1')
    const heard: string[] = []
    for (const event of ['connect', 'data', 'close'] as const) early.on(event, () => heard.push(event))
    early.on('error', () => {})
    await until(() => heard.includes('close'))
    expect(heard).toEqual(['connect', 'close'])
    await vbox.settled()
    expect(now('web')).toMatchObject({
      state: 'running',
      isBooted: true,
      leases: [expect.stringMatching(/^192\.168\.59\.[12]\d\d$/)],
    })
    const [address = ''] = now('web')?.leases ?? []
    const key = join(folder, 'key')
    expect(
      await sshOnceUp(key, `ubuntu@${address}`, 'cloud-init status --wait >/dev/null; hostname; sudo cat /root/asked'),
    ).toBe('web\nhello')
    const links = await sshOnceUp(
      key,
      `ubuntu@${address}`,
      'ip -o link show enp0s8; ip -4 -o addr show enp0s8; ip -4 -o addr show enp0s3',
    )
    expect(links).toMatch(new RegExp(`${macs.macaddress2}[\\s\\S]*inet ${address}/24[\\s\\S]*inet 10\\.0\\.2\\.15/24`))
    const byNat = await promisify(execFile)('ssh', [
      '-p',
      String(PORT),
      '-i',
      key,
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'BatchMode=yes',
      'ubuntu@127.0.0.1',
      'hostname; cat /proc/sys/kernel/random/boot_id; touch kept',
    ])
    expect(byNat.stdout).toMatch(/^web\n/)

    await must('controlvm', 'web', 'pause')
    const held = connect(PORT, '127.0.0.1')
    const since: string[] = []
    for (const event of ['connect', 'data', 'close'] as const) held.on(event, () => since.push(event))
    held.on('error', () => {})
    await until(() => since.includes('connect'))
    await sleep(500)
    expect(since).toEqual(['connect'])
    held.destroy()
    await must('controlvm', 'web', 'resume')

    vbox.setDeaf('web', true)
    await must('controlvm', 'web', 'acpipowerbutton')
    await vbox.settled()
    expect(now('web')?.state).toBe('running')
    vbox.setDeaf('web', false)
    await must('controlvm', 'web', 'acpipowerbutton')
    await vbox.settled()
    expect(now('web')?.state).toBe('poweroff')
    await sleep(vbox.delays.unlockMs + 100)
    await must('startvm', 'web', '--type', 'headless')
    await vbox.settled()
    expect(now('web')?.leases).toEqual([address])
    expect(await sshOnceUp(key, `ubuntu@${address}`, 'ls')).toBe('kept')

    await must('controlvm', 'web', 'poweroff')
    expect(now('web')?.state).toBe('poweroff')
    await sleep(vbox.delays.unlockMs + 100)
    await must('unregistervm', 'web', '--delete')
    expect(vbox.left().filter(thing => /^(vm|guest|port)/.test(thing))).toEqual([])
    expect(vbox.complaints).toEqual([])
  },
  150_000,
)

needsHosts(
  'a disc of another label is none: nobody is let in, and the host-only card has no address',
  async () => {
    const macs = await makeMachine('dark')
    await insert('dark', await makeSeed('dark', 'seed', ethernets(macs)))
    await must('startvm', 'dark', '--type', 'headless')
    await vbox.settled()
    const vm = now('dark')
    expect([vm?.state, vm?.isBooted, vm?.leases]).toEqual(['running', true, []])
    // Once all is done that could let somebody in.
    await vm?.host?.exec('cloud-init status --wait >/dev/null || true')
    const knock = () => sshOnce(join(folder, 'key'), `ubuntu@${vm?.host?.address}`, 'true')
    let answer = await knock()
    for (const end = Date.now() + 60_000; answer.code === 255 && answer.stderr === '' && Date.now() < end; ) {
      await sleep(300)
      answer = await knock()
    }
    expect([answer.code, answer.stderr]).toEqual([255, expect.stringContaining('Permission denied')])
    expect(await must('showvminfo', 'dark', '--log', '0')).toContain('is labelled "seed"')
    await vm?.host?.exec('systemctl poweroff')
    for (const end = Date.now() + 60_000; vm?.host?.isUp() && Date.now() < end; ) await sleep(200)
    expect(await must('showvminfo', 'dark', '--machinereadable')).toContain('VMState="poweroff"')
    await sleep(vbox.delays.unlockMs + 100)
    await must('unregistervm', 'dark', '--delete')
  },
  150_000,
)
