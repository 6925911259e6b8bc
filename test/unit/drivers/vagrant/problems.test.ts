/** Vagrant's failures in its own words (2.3.4, 2.4.9 and their providers), and what is made of them. */
import { describe, expect, test } from '@jest/globals'
import { explained } from '../../../../drivers/vagrant/problems.ts'
import { firstSentence } from '../../../../drivers/vagrant/sentence.ts'

const tell = (kind: string, text: string) => explained({ kind, text, code: 1 }, 'bring up "web"')

const vbox = (stderr: string) => `There was an error while executing \`VBoxManage\`, a CLI used by Vagrant
for controlling VirtualBox. The command and stderr is shown below.

Command: ["startvm", "1f0f3a5e", "--type", "headless"]

Stderr: ${stderr}`

const docker = (stderr: string) => `A Docker command executed by Vagrant didn't complete successfully!
The command run along with the output from the command is shown
below.

Command: ["docker", "version", {:notify=>[:stdout, :stderr]}]

Stderr: ${stderr}

Stdout: `

const CASES: [kind: string, text: string, code: string, sentence: string, hint: string][] = [
  [
    'NoDefaultProvider',
    `No usable default provider could be found for your system.

Vagrant relies on interactions with 3rd party systems, known as
"providers", to provide Vagrant with resources to run development
environments. Examples are VirtualBox, VMware, Hyper-V.`,
    'VAGRANT_NO_PROVIDER',
    'Vagrant finds no provider it can use on this computer',
    'install a provider',
  ],
  [
    'ProviderNotFound',
    `The provider 'libvirt' could not be found, but was requested to
back the machine 'web'. Please use a provider that exists.

Vagrant knows about the following providers: hyperv, docker, virtualbox`,
    'VAGRANT_NO_PROVIDER',
    'Vagrant does not know the provider "libvirt"',
    'vagrant plugin install',
  ],
  [
    'ProviderNotUsable',
    `The provider 'virtualbox' that was requested to back the machine
'web' is reporting that it isn't usable on this system. The
reason is shown below:

Vagrant could not detect VirtualBox! Make sure VirtualBox is properly installed.
Vagrant uses the \`VBoxManage\` binary that ships with VirtualBox, and requires
this to be available on the PATH.`,
    'VAGRANT_NO_PROVIDER',
    'Vagrant cannot use the provider "virtualbox": Vagrant could not detect VirtualBox',
    '--vagrant-provider',
  ],
  [
    'ProviderNotUsable',
    `The provider 'docker' that was requested to back the machine
'web' is reporting that it isn't usable on this system. The
reason is shown below:

${docker('Cannot connect to the Docker daemon at unix:///nowhere.sock. Is the docker daemon running?')}`,
    'VAGRANT_NO_PROVIDER',
    'provider docker reaches no engine on this computer',
    'DOCKER_HOST',
  ],
  [
    '',
    `/usr/lib/ruby/3.1.0/fileutils.rb:243:in \`mkdir': Read-only file system @ dir_s_mkdir - /home/me/.vagrant.d (Errno::EROFS)
\tfrom /usr/lib/ruby/3.1.0/fileutils.rb:243:in \`fu_mkdir'`,
    'VAGRANT_NOT_WRITABLE',
    'Vagrant cannot write /home/me/.vagrant.d (read-only file system)',
    'VAGRANT_HOME',
  ],
  [
    'FogLibvirtConnectionError',
    "Error while connecting to Libvirt: Error making a connection to libvirt URI qemu:///system:\nCall to virConnectOpen failed: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
    'VAGRANT_NO_PROVIDER',
    "libvirt is not reached: Error making a connection to libvirt URI qemu:///system: Call to virConnectOpen failed: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
    'group libvirt',
  ],
  [
    'DomainVolumeExists',
    "Volume for domain is already created. Please run 'vagrant destroy' first.",
    'VAGRANT_TAKEN',
    'Volume for domain is already created',
    'machine rm',
  ],
  [
    'VBoxManageError',
    vbox(`VBoxManage: error: VT-x is not available (VERR_VMX_NO_VMX)
VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component ConsoleWrap, interface IConsole`),
    'VAGRANT_NO_VT',
    "the processor's virtualization (VT-x, AMD-V) is off or taken",
    'firmware',
  ],
  [
    'VBoxManageError',
    vbox(`VBoxManage: error: VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)`),
    'VAGRANT_NO_VT',
    "the processor's virtualization (VT-x, AMD-V) is off or taken",
    'firmware',
  ],
  [
    'VBoxManageError',
    vbox(
      `VBoxManage: error: VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension, recompile your kernel and reboot (VERR_VMX_IN_VMX_ROOT_MODE)`,
    ),
    'VAGRANT_VT_TAKEN',
    "another hypervisor, as KVM, holds the processor's virtualization",
    'modprobe -r',
  ],
  [
    'VirtualBoxInvalidHostSubnet',
    `The IP address configured for the host-only network is not within the
allowed ranges. Please update the address used to be within the allowed
ranges and run the command again.

  Address: 192.168.99.21
  Ranges: 192.168.56.0/21`,
    'VAGRANT_NETWORK_REFUSED',
    'VirtualBox allows no host-only network there (192.168.99.21)',
    'networks.conf',
  ],
  [
    'VBoxManageError',
    vbox(`VBoxManage: error: Code E_ACCESSDENIED (0x80070005) - Access denied (extended info not available)
VBoxManage: error: Context: "EnableStaticIPConfig(Bstr(pszIp).raw(), Bstr(pszNetmask).raw())" at line 242 of file VBoxManageHostonly.cpp`),
    'VAGRANT_NETWORK_REFUSED',
    'VirtualBox allows no host-only network there',
    'networks.conf',
  ],
  [
    'NetworkDHCPAlreadyAttached',
    `A host only network interface you're attempting to configure via DHCP
already has a conflicting host only adapter with DHCP enabled. The
DHCP on this adapter is incompatible with the DHCP settings.`,
    'VAGRANT_NETWORK_REFUSED',
    "A host only network interface you're attempting to configure via DHCP already has a conflicting host only adapter with DHCP enabled",
    '--vagrant-private-network-ip 192.168.56.21',
  ],
  [
    'BoxAddShortNotFound',
    `The box 'nobody/nothing' could not be found or
could not be accessed in the remote catalog. If this is a private
box on HashiCorp's Vagrant Cloud, please verify you're logged in via
\`vagrant login\`. Also, please double-check the name. The expanded
URL and error message are shown below:

URL: ["https://catalogue.example/nobody/nothing"]
Error: The requested URL returned error: 404`,
    'VAGRANT_NO_BOX',
    'the box "nobody/nothing" is not in the catalogue, or that cannot be reached: The requested URL returned error: 404',
    '--vagrant-box',
  ],
  [
    'BoxAddNoMatchingProvider',
    `The box you're attempting to add doesn't support the provider
you requested. Please find an alternate box or use an alternate
provider. Double-check your requested provider to verify you didn't
simply misspell it.

If you're adding a box from HashiCorp's Vagrant Cloud, make sure the box is
released.

Name: bento/ubuntu-24.04
Address: https://catalogue.example/bento/ubuntu-24.04
Requested provider: ["libvirt"]`,
    'VAGRANT_NO_BOX',
    'there is no box "bento/ubuntu-24.04" for provider libvirt',
    'another provider',
  ],
  [
    'BoxAddNoArchitectureSupport',
    `The box you're attempting to add does not support the architecture
you requested. Please double-check your requested architecture.

Name: bento/ubuntu-24.04
Address: https://catalogue.example/bento/ubuntu-24.04
Requested architecture: arm64`,
    'VAGRANT_NO_BOX',
    `there is no box "bento/ubuntu-24.04" for this computer's processor (${process.arch})`,
    'made for it',
  ],
  [
    'BoxAddNoMatchingVersion',
    `The box you're attempting to add has no available version that
matches the constraints you requested. Please double-check your
settings.

Box: bento/ubuntu-24.04
Address: https://catalogue.example/bento/ubuntu-24.04
Constraints: = 9
Available versions: 202404.26.0, 202502.21.0`,
    'VAGRANT_NO_BOX',
    'the box "bento/ubuntu-24.04" has no version = 9; there are 202404.26.0, 202502.21.0',
    '--vagrant-box-version',
  ],
  [
    'DownloaderError',
    `An error occurred while downloading the remote file. The error
message, if any, is reproduced below. Please fix this error and try
again.

Couldn't open file /nonexistent.box`,
    'VAGRANT_NO_BOX',
    'there is no box file /nonexistent.box',
    '--vagrant-box-url',
  ],
  [
    'DownloaderError',
    `An error occurred while downloading the remote file. The error
message, if any, is reproduced below. Please fix this error and try
again.

Could not resolve host: boxes.example`,
    'VAGRANT_DOWNLOAD',
    'the box could not be downloaded: Could not resolve host: boxes.example',
    'proxy',
  ],
  [
    'ExecuteError',
    docker(
      `Unable to find image 'no/such:1' locally
docker: Error response from daemon: pull access denied for no/such, repository does not exist or may require 'docker login': denied`,
    ),
    'VAGRANT_NO_BOX',
    'there is no image no/such:1 here, and none to pull',
    '--vagrant-box',
  ],
  [
    'ConfigInvalid',
    `There are errors in the configuration of this machine. Please fix
the following errors and try again:

libvirt provider:
* The following settings shouldn't exist: cpus, memory
`,
    'VAGRANT_FILE',
    "Vagrant does not take the settings: The following settings shouldn't exist: cpus, memory",
    'plug-in',
  ],
  [
    'VagrantfileNameError',
    `There was an error loading a Vagrantfile. The file being loaded
and the error message are shown below. This is usually caused by
an invalid or undefined variable.

Path: /store/vagrant/fragment.rb
Line number: 3
Message: undefined local variable or method \`confg'`,
    'VAGRANT_FILE',
    "the Vagrantfile /store/vagrant/fragment.rb fails in line 3: undefined local variable or method `confg'",
    '--vagrant-vagrantfile',
  ],
  [
    'MachineLocked',
    `Vagrant can't use the requested machine because it is locked! This
means that another Vagrant process is currently reading or modifying
the machine.`,
    'VAGRANT_LOCKED',
    'another vagrant is at work on this machine',
    'wait',
  ],
  [
    'VMBootTimeout',
    'Timed out while waiting for the machine to boot. This means that\nVagrant was unable to communicate with the guest machine within\nthe configured ("config.vm.boot_timeout" value) time period.',
    'VAGRANT_BOOT',
    'the machine was started and did not let Vagrant log in in time',
    'boot_timeout',
  ],
  [
    'VirtualBoxUserMismatch',
    "The VirtualBox VM was created with a user that doesn't match the\ncurrent user running Vagrant.",
    'VAGRANT_OTHER_USER',
    'the machine was made by another user of this computer',
    'user',
  ],
  [
    'PluginLoadError',
    'The plugins failed to initialize correctly. This may be due to manual\nmodifications made within the Vagrant home directory.',
    'VAGRANT_PLUGIN',
    'The plugins failed to initialize correctly',
    'plugin repair',
  ],
  [
    '',
    '<internal:rubygems>: cannot load such file -- log4r (LoadError)',
    'VAGRANT_BROKEN',
    'Vagrant itself does not start',
    'vagrant --version',
  ],
]

describe('a failure of Vagrant', () => {
  test.each(CASES)('%s', (kind, text, code, sentence, hint) => {
    const error = tell(kind, text)
    expect([error.code, error.message]).toEqual([code, sentence])
    expect(error.suggestions.join('; ')).toContain(hint)
  })

  test('nobody knows: its first sentence, and what the program behind it said', () => {
    const error = tell('SomethingNew', vbox('VBoxManage: error: the sky fell'))
    expect(error.message).toBe(
      'vagrant could not bring up "web": There was an error while executing `VBoxManage`, a CLI used by Vagrant for controlling VirtualBox: VBoxManage: error: the sky fell',
    )
    expect(tell('', '').message).toBe('vagrant could not bring up "web": exit code 1')
    expect((error.cause as Error).message).toContain('Command: ["startvm"')
  })

  test('a Ruby that broke off: why, and not the way to it', () => {
    const text =
      "/usr/lib/x.rb:3:in `up': undefined method `a' for nil:NilClass (NoMethodError)\n\tfrom /usr/lib/y.rb:9:in `b'"
    expect(firstSentence(text)).toBe("undefined method `a' for nil:NilClass")
  })

  test('the first sentence is not cut within a name or a version', () => {
    expect(firstSentence('Vagrant 2.3.4 is too old for boxes.example\nof today. Update it.')).toBe(
      'Vagrant 2.3.4 is too old for boxes.example of today',
    )
  })
})
