/** The Vagrantfile of a machine: run by a real Ruby with a Vagrant that only writes down what it is told. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Settings } from '../../../../drivers/vagrant/settings.ts'
import { renderVagrantfile } from '../../../../drivers/vagrant/vagrantfile.ts'
import { makeTempDir } from '../../../kit/temp-dir.ts'
import { which } from '../../../kit/which.ts'

/** Notes every call as `path=value` or `path(arguments)`. */
const RECORDER = `require "json"
$calls = []
class Note < BasicObject
  def initialize(path); @path = path; end
  def method_missing(name, *args, **opts, &block)
    at = @path.empty? ? name.to_s : @path + "." + name.to_s
    return ::Note.new(at) if args.empty? && opts.empty? && !block
    if !args.empty? || !opts.empty?
      $calls << [at, *args.map { |a| a.is_a?(::Symbol) ? a.to_s : a }, *(opts.empty? ? [] : [opts])]
    end
    block.call(::Note.new(at + ":" + args.first.to_s)) if block
    nil
  end
  def respond_to?(*) = true
  def to_s = @path
end
module Vagrant
  def self.configure(version); yield Note.new(""); end
end
load ARGV[0]
puts JSON.generate($calls)
`

const SETTINGS: Settings = {
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
}

function told(settings: Partial<Settings>): unknown[][] {
  using dir = makeTempDir()
  const all = { ...SETTINGS, ...settings }
  writeFileSync(join(dir.path, 'Vagrantfile'), renderVagrantfile(all))
  if (all.fragment !== undefined) writeFileSync(join(dir.path, 'fragment.rb'), all.fragment)
  writeFileSync(join(dir.path, 'recorder.rb'), RECORDER)
  const said = execFileSync('ruby', [join(dir.path, 'recorder.rb'), join(dir.path, 'Vagrantfile')], {
    encoding: 'utf8',
  })
  return JSON.parse(said)
}

const suite = which('ruby') ? describe : describe.skip

suite(which('ruby') ? 'told to Vagrant' : 'told to Vagrant [needs ruby]', () => {
  test('a machine of VirtualBox', () => {
    expect(told({})).toEqual([
      ['vm.define', 'web'],
      ['vm.hostname=', 'web'],
      ['vm.box=', 'bento/ubuntu-24.04'],
      ['vm.box_check_update=', false],
      ['vm.synced_folder', '.', '/vagrant', { disabled: true }],
      ['vm.network', 'private_network', { type: 'dhcp' }],
      [
        'vm.network',
        'forwarded_port',
        { id: 'engine', guest: 2376, host: 2376, host_ip: '127.0.0.1', auto_correct: true },
      ],
      ['vm.provider', 'virtualbox'],
      ['vm.provider:virtualbox.gui=', false],
      ['vm.provider:virtualbox.name=', 'web-0000aaaa'],
      ['vm.provider:virtualbox.cpus=', 2],
      ['vm.provider:virtualbox.memory=', 2048],
    ])
  })

  test('hostile values stay values', () => {
    const evil = `"]; system("touch /tmp/owned"); #{exit 1}\n'`
    const calls = told({
      box: evil,
      boxVersion: evil,
      boxUrl: evil,
      network: evil,
      sshUser: evil,
      provider: evil,
      vmName: evil,
      hostName: evil,
      folders: [{ here: evil, there: evil, type: evil }],
    })
    expect(calls).toEqual(
      expect.arrayContaining([
        ['vm.define', evil],
        ['vm.hostname=', evil],
        ['vm.box=', evil],
        ['vm.box_version=', evil],
        ['vm.box_url=', evil],
        ['vm.network', 'private_network', { ip: evil }],
        ['vm.synced_folder', evil, evil, { type: evil }],
        ['ssh.username=', evil],
        ['vm.provider', evil],
      ]),
    )
  })

  test.each([
    ['libvirt', ['v.machine_virtual_size=', 20]],
    ['vmware_desktop', ['vm.disk', 'disk', { name: 'vagrant_primary', primary: true, size: '20000MB' }]],
    ['qemu', ['v.disk_resize=', '20000M']],
    ['hyperv', ['v.vmname=', 'web-0000aaaa']],
    ['parallels', ['v.name=', 'web-0000aaaa']],
    ['of-a-plugin', ['v.cpus=', 2]],
  ])('a machine of %s', (provider, line) => {
    const calls = told({ provider, diskMb: 20000, network: 'none' })
    const short = calls.map(([name, ...rest]) => [String(name).replace(`vm.provider:${provider}.`, 'v.'), ...rest])
    expect(short).toContainEqual(line)
  })

  test('a machine of libvirt: Vagrant puts its name behind ours', () => {
    const calls = told({ provider: 'libvirt', providerName: '0000aaaa-web', network: 'none' })
    expect(calls).toContainEqual(['vm.provider:libvirt.default_prefix=', '0000aaaa-'])
  })

  test('a container: the box is its image, and the engine’s images lie beside it', () => {
    const calls = told({ provider: 'docker', box: 'me/host:1', network: 'none' })
    expect(calls).toContainEqual(['vm.provider:docker.image=', 'me/host:1'])
    expect(calls).toContainEqual(['vm.provider:docker.volumes=', ['/var/lib/docker']])
    expect(calls.filter(([name]) => name === 'vm.box=')).toEqual([])
  })

  test('further lines come last and see `config`; a whole file configures by itself', () => {
    const lines = 'config.vm.box = "other/box"\nconfig.vm.provider("virtualbox") { |v| v.memory = 4096 }\n'
    expect(told({ fragment: lines }).slice(-3)).toEqual([
      ['vm.box=', 'other/box'],
      ['vm.provider', 'virtualbox'],
      ['vm.provider:virtualbox.memory=', 4096],
    ])
    const whole = 'Vagrant.configure("2") do |c|\n  c.vm.box = "whole/box"\nend\n'
    expect(told({ fragment: whole }).at(-1)).toEqual(['vm.box=', 'whole/box'])
  })
})
