/** Networks of containers on a machine: bridges of one's own, names on them, and the modes without one. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Dev, startDev } from '../kit/dev-machine.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe

suite(why ? `docker networks [${why}]` : 'docker networks', () => {
  let dev: Dev

  beforeAll(async () => {
    dev = await startDev('docker-network')
    await importBusybox(dev.home, 'dev')
    await dev.docker('network', 'create', '--subnet', '10.77.0.0/24', '--gateway', '10.77.0.1', 'lab')
    const serve = 'mkdir /www; hostname > /www/name; exec httpd -f -p 80 -h /www'
    const at = ['--network', 'lab', '--ip', '10.77.0.10', '--hostname', 'first', '--network-alias', 'web']
    await dev.docker('run', '-d', '--name', 'first', ...at, 'busybox', 'sh', '-c', serve)
  })
  afterAll(async () => await dev?.[Symbol.asyncDispose]())

  /** Runs a shell command in a container of its own. */
  const sh = (network: string, command: string, ...flags: string[]) =>
    dev.docker('run', '--rm', '--network', network, ...flags, 'busybox', 'sh', '-c', command)
  // Not wget -T: the static busybox of Debian 12 dies of it.
  const fetchName = (host: string) => `timeout 3 wget -q -O - http://${host}/name`
  /** Fetches the name a server tells, as soon as it listens. */
  const nameAt = (host: string) => `for i in $(seq 100); do ${fetchName(host)} && exit; sleep 0.1; done; echo silent`

  test('--subnet and --ip: the container has the address that was asked for', async () => {
    expect(await dev.docker('exec', 'first', 'ip', '-o', '-4', 'addr', 'show', 'eth0')).toContain('10.77.0.10/24')
    expect(await sh('lab', nameAt('10.77.0.10'))).toBe('first')
    expect(await sh('lab', 'ip route')).toContain('default via 10.77.0.1')
  })

  test('names and aliases resolve on it, and are unknown on the default bridge', async () => {
    for (const name of ['first', 'web']) {
      expect(await sh('lab', `nslookup ${name}`)).toContain('10.77.0.10')
      expect(await sh('lab', nameAt(name))).toBe('first')
    }
    expect(await sh('bridge', 'nslookup first || echo unknown')).toContain('unknown')
  })

  test('network connect and disconnect: one container on two networks', async () => {
    await dev.docker('network', 'create', 'other')
    const reached = () => sh('other', 'timeout 3 wget -q -O - http://first/name || echo not reached')
    expect(await reached()).toBe('not reached')
    await dev.docker('network', 'connect', '--alias', 'second', 'other', 'first')
    expect(await reached()).toBe('first')
    expect(await sh('other', nameAt('second'))).toBe('first')
    await dev.docker('network', 'disconnect', 'other', 'first')
    expect(await reached()).toBe('not reached')
    await dev.docker('network', 'rm', 'other')
  })

  test('containers of two bridges do not reach each other', async () => {
    expect(await sh('bridge', 'timeout 3 wget -q -O - http://10.77.0.10/name || echo not reached')).toBe('not reached')
  })

  test('--network host is the machine’s own network', async () => {
    expect(await sh('host', 'hostname; ip -o -4 addr')).toMatch(new RegExp(`^dev\n[^]*inet ${dev.address}/`))
    const serve = 'mkdir /www; hostname > /www/name; exec httpd -f -p 8088 -h /www'
    await dev.docker('run', '-d', '--name', 'onhost', '--network', 'host', 'busybox', 'sh', '-c', serve)
    expect(await sh('lab', nameAt(`${dev.address}:8088`))).toBe('dev')
    expect(await (await fetch(`http://${dev.address}:8088/name`)).text()).toBe('dev\n')
    await dev.docker('rm', '-f', 'onhost')
  })

  test('--network none has loopback alone', async () => {
    expect(await sh('none', 'ls /sys/class/net')).toBe('lo')
    expect(await sh('none', 'ip route')).toBe('')
  })

  test('--network container: shares addresses and loopback', async () => {
    expect(await sh('container:first', 'ip -o -4 addr show eth0')).toContain('10.77.0.10/24')
    expect(await sh('container:first', nameAt('127.0.0.1'))).toBe('first')
  })

  test('--internal networks have no way out; --dns and --add-host are the container’s', async () => {
    await dev.docker('network', 'create', '--internal', 'inner')
    expect(await sh('inner', 'ip route')).not.toContain('default')
    await dev.docker('network', 'rm', 'inner')
    const set = ['--dns', '198.51.100.53', '--add-host', 'old.example:192.0.2.9']
    const seen = await sh('bridge', 'cat /etc/resolv.conf /etc/hosts', ...set)
    expect(seen).toContain('nameserver 198.51.100.53')
    expect(seen).toMatch(/192\.0\.2\.9\s+old\.example/)
  })

  test('a network in use is not removed', async () => {
    const ran = await dev.dockerWith({}, 'network', 'rm', 'lab')
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('has active endpoints') })
    expect(await dev.docker('network', 'inspect', '-f', '{{(index .IPAM.Config 0).Subnet}}', 'lab')).toBe(
      '10.77.0.0/24',
    )
  })

  test('containers reach each other through a published port of the machine', async () => {
    const serve = 'mkdir /www; echo published > /www/name; exec httpd -f -p 80 -h /www'
    await dev.docker('run', '-d', '--name', 'open', '-p', `${dev.address}:8081:80`, 'busybox', 'sh', '-c', serve)
    expect(await sh('lab', nameAt(`${dev.address}:8081`))).toBe('published')
    await dev.docker('rm', '-f', 'open')
  })
})
