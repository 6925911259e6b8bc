/** What cloud-init is told; that it does it, test/e2e/seed.test.ts shows. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { macFrom, networkConfig, withColons } from '../../../../drivers/local/network-config.ts'
import { type SeedAsk, seedImage } from '../../../../drivers/local/seed.ts'
import { which } from '../../../kit/which.ts'

const dir = mkdtempSync(join(tmpdir(), 'machine-seed-'))
afterAll(() => rmSync(dir, { recursive: true }))

const ASK: SeedAsk = {
  instanceId: '7d5cf0f9-0000-4000-8000-000000000001',
  hostName: 'dev',
  user: 'docker',
  publicKey: 'ssh-ed25519 AAAA dev',
  interfaces: [{ name: 'eth0', mac: '08:00:27:00:00:01', isUplink: true }],
}

/** A file of the seed. */
function read(ask: SeedAsk, name: string): string {
  const [iso, out] = [join(dir, 'seed.iso'), join(dir, name)]
  writeFileSync(iso, seedImage(ask))
  rmSync(out, { force: true })
  execFileSync(which('xorriso') ?? 'xorriso', ['-osirrox', 'on', '-indev', iso, '-extract', `/${name}`, out], {
    stdio: 'pipe',
  })
  return execFileSync('cat', [out]).toString()
}

test('meta-data says which instance, its name and the key', () => {
  expect(JSON.parse(read(ASK, 'meta-data'))).toEqual({
    'instance-id': ASK.instanceId,
    'local-hostname': 'dev',
    'public-keys': ['ssh-ed25519 AAAA dev'],
  })
})

test('user-data is cloud-config and nothing but the login', () => {
  const text = read(ASK, 'user-data')
  expect(text.split('\n')[0]).toBe('#cloud-config')
  expect(JSON.parse(text.slice(text.indexOf('\n')))).toEqual({ user: { name: 'docker', primary_group: 'docker' } })
})

test("a person's part comes first, then our scripts, then the login", () => {
  const text = read(
    { ...ASK, userData: Buffer.from('#cloud-config\nruncmd: [true]\n'), scripts: ['#!/bin/sh\ntrue\n'] },
    'user-data',
  )
  const program = `
import email, json, sys
parts = [p for p in email.message_from_bytes(sys.stdin.buffer.read()).walk() if p.get_content_maintype() != 'multipart']
print(json.dumps([p.get_payload(decode=True).decode('utf-8').split('\\n')[0:2] for p in parts]))`
  expect(JSON.parse(execFileSync('python3', ['-c', program], { input: text }).toString())).toEqual([
    ['#cloud-config', 'runcmd: [true]'],
    ['#!/bin/sh', 'true'],
    ['#cloud-config', '{'],
  ])
})

test('the network: the uplink by DHCP, the other without routes, or with a fixed address', () => {
  const hostonly = { name: 'eth1', mac: '08:00:27:00:00:02', isUplink: false }
  const eth0 = { match: { macaddress: '08:00:27:00:00:01' }, 'set-name': 'eth0', dhcp4: true, 'dhcp-identifier': 'mac' }
  expect(networkConfig([...ASK.interfaces, hostonly])).toEqual({
    version: 2,
    ethernets: {
      eth0,
      eth1: {
        match: { macaddress: '08:00:27:00:00:02' },
        'set-name': 'eth1',
        dhcp4: true,
        'dhcp-identifier': 'mac',
        optional: true,
        'dhcp4-overrides': { 'use-routes': false, 'use-dns': false },
      },
    },
  })
  expect(networkConfig([{ ...hostonly, address: '192.168.59.30/24' }]).ethernets).toEqual({
    eth1: {
      match: { macaddress: '08:00:27:00:00:02' },
      'set-name': 'eth1',
      addresses: ['192.168.59.30/24'],
      optional: true,
    },
  })
  expect(JSON.parse(read(ASK, 'network-config'))).toEqual({ version: 2, ethernets: { eth0 } })
})

test('MAC addresses', () => {
  expect(macFrom('080027', Uint8Array.of(1, 0xab, 255))).toBe('08002701ABFF')
  expect(withColons('08002701ABFF')).toBe('08:00:27:01:ab:ff')
})
