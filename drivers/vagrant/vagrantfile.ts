/** The Vagrantfile of a machine of ours, as text. Every value in it is a Ruby literal (ruby.ts). */
import { providerOf } from './providers.ts'
import { rubyString } from './ruby.ts'
import type { Settings } from './settings.ts'

/** A file that configures Vagrant by itself, and not lines about `config`. */
const WHOLE = /^\s*Vagrant\.configure\b/m

/** Further lines lie beside it as fragment.rb; they come last, so that they win. */
export function renderVagrantfile(s: Settings): string {
  const q = rubyString
  const { hidden, lines, disk } = providerOf(s.provider)
  const whole = s.fragment !== undefined && WHOLE.test(s.fragment)
  const network =
    s.network === 'none' ? [] : [`private_network", ${s.network === 'dhcp' ? 'type: "dhcp"' : `ip: ${q(s.network)}`}`]
  // A container publishes its own (providers.ts).
  const ports =
    s.provider === 'docker'
      ? ['forwarded_port", id: "ssh", guest: 22, host: 2222, disabled: true']
      : hidden
        ? [
            `forwarded_port", id: "engine", guest: ${s.enginePort}, host: ${s.enginePort}, host_ip: "127.0.0.1", auto_correct: true`,
          ]
        : []
  const body = [
    `config.vm.define ${q(s.vmName)}`,
    `config.vm.hostname = ${q(s.hostName)}`,
    ...(s.provider === 'docker' ? [] : boxLines(s)),
    'config.vm.box_check_update = false',
    'config.vm.synced_folder ".", "/vagrant", disabled: true',
    ...s.folders.map(
      ({ here, there, type }) => `config.vm.synced_folder ${q(here)}, ${q(there)}${type ? `, type: ${q(type)}` : ''}`,
    ),
    ...[...network, ...ports].map(line => `config.vm.network "${line}`),
    ...(s.diskMb !== undefined && disk === 'vagrant'
      ? [`config.vm.disk :disk, name: "vagrant_primary", primary: true, size: "${s.diskMb}MB"`]
      : []),
    ...(s.sshUser ? [`config.ssh.username = ${q(s.sshUser)}`] : []),
    `config.vm.provider ${q(s.provider)} do |v|`,
    ...lines(s).map(line => `  ${line}`),
    'end',
    ...(s.fragment !== undefined && !whole
      ? ['fragment = File.join(__dir__, "fragment.rb")', 'eval(File.read(fragment), binding, fragment)']
      : []),
  ]
  return [
    '# Made by `machine create`. Changes here count from the next start on, and go when the machine goes.',
    'Vagrant.configure("2") do |config|',
    ...body.map(line => `  ${line}`),
    'end',
    ...(whole ? ['load File.join(__dir__, "fragment.rb")'] : []),
    '',
  ].join('\n')
}

function boxLines({ box, boxVersion, boxUrl }: Settings): string[] {
  return [
    `config.vm.box = ${rubyString(box)}`,
    ...(boxVersion ? [`config.vm.box_version = ${rubyString(boxVersion)}`] : []),
    ...(boxUrl ? [`config.vm.box_url = ${rubyString(boxUrl)}`] : []),
  ]
}
