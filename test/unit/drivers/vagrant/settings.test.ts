import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { VagrantConfig } from '../../../../drivers/vagrant/flags.ts'
import { vagrant } from '../../../../drivers/vagrant/index.ts'
import { readFolder, readSettings } from '../../../../drivers/vagrant/settings.ts'
import { readConfig } from '../../../../src/driver-config.ts'
import { makeTempDir } from '../../../kit/temp-dir.ts'

const ctx = { name: 'web', storeId: '0000aaaa' }
const config = (typed: Record<string, unknown> = {}, env = {}) => readConfig(vagrant, typed, env, []) as VagrantConfig
const said = async (work: Promise<unknown>) => work.then(String, error => error.message)

describe('settings', () => {
  test('of a VM by default, and of a container', async () => {
    expect(await readSettings(config(), 'virtualbox', ctx)).toEqual({
      vmName: 'web',
      hostName: 'web',
      providerName: 'web-0000aaaa',
      provider: 'virtualbox',
      box: 'bento/ubuntu-24.04',
      cpus: 2,
      memoryMb: 2048,
      network: 'dhcp',
      folders: [],
      enginePort: 2376,
    })
    const container = await readSettings(config({ 'vagrant-box': 'img' }), 'docker', { ...ctx, name: 'a-' })
    expect(container).toMatchObject({ box: 'img', network: 'none', hostName: 'a' })
    expect(container).not.toHaveProperty('cpus')
    expect((await readSettings(config(), 'libvirt', ctx)).providerName).toBe('0000aaaa-web')
  })

  test('variables of our own names, lists adding up', async () => {
    using dir = makeTempDir()
    for (const name of ['a', 'b']) mkdirSync(join(dir.path, name))
    const env = { MACHINE_VAGRANT_MEMORY: '512', MACHINE_VAGRANT_SYNCED_FOLDER: `${dir.path}/a:/a`, VAGRANT_BOX: 'no' }
    const typed = { 'vagrant-synced-folder': [`${dir.path}/b:/b:rsync`] }
    expect(await readSettings(config(typed, env), 'virtualbox', ctx)).toMatchObject({
      memoryMb: 512,
      box: 'bento/ubuntu-24.04',
      folders: [
        { here: `${dir.path}/a`, there: '/a' },
        { here: `${dir.path}/b`, there: '/b', type: 'rsync' },
      ],
    })
  })

  test('a box beside us is named from anywhere; a URL stays', async () => {
    const url = async (text: string) =>
      (await readSettings(config({ 'vagrant-box-url': text }), 'virtualbox', ctx)).boxUrl
    expect(await url('https://boxes.example/x.json')).toBe('https://boxes.example/x.json')
    expect(await url('x.box')).toBe(join(process.cwd(), 'x.box'))
  })

  test.each([
    [{ 'vagrant-cpus': '0' }, '--vagrant-cpus 0 is too little: at least 1'],
    [{ 'vagrant-memory': '10' }, '--vagrant-memory 10 is too little: at least 64'],
    [
      { 'vagrant-private-network-ip': '1.2.3' },
      '--vagrant-private-network-ip 1.2.3 is no IP address, nor dhcp or none',
    ],
    [{ 'vagrant-synced-folder': ['src'] }, '--vagrant-synced-folder src is not HERE:THERE'],
    [{ 'vagrant-vagrantfile': '/nonexistent/x' }, '--vagrant-vagrantfile /nonexistent/x does not exist'],
  ])('%j cannot be', async (typed, text) => {
    expect(await said(readSettings(config(typed), 'virtualbox', ctx))).toBe(text)
  })

  test('what a provider has not cannot be set', async () => {
    expect(await said(readSettings(config(), 'docker', ctx))).toContain('name an image with --vagrant-box')
    expect(await said(readSettings(config({ 'vagrant-disk-size': '9000' }), 'parallels', ctx))).toContain(
      'have no disk',
    )
    expect(await said(readSettings(config({ 'vagrant-box': '' }), 'docker', ctx))).toContain('name an image')
    const versioned = config({ 'vagrant-box': 'img', 'vagrant-box-version': '1' })
    expect(await said(readSettings(versioned, 'docker', ctx))).toContain('--vagrant-box-version is about boxes')
  })

  test('a folder here may hold colons; it must be there', async () => {
    using dir = makeTempDir()
    const odd = join(dir.path, 'a:b')
    mkdirSync(odd)
    writeFileSync(join(dir.path, 'file'), '')
    expect(await readFolder(`${odd}:/src`)).toEqual({ here: odd, there: '/src' })
    expect(await said(readFolder(`${dir.path}/file:/src`))).toBe(
      `--vagrant-synced-folder: there is no folder ${dir.path}/file`,
    )
  })
})
