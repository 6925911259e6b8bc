import type { Problem } from './problems.ts'
import { firstSentence } from './sentence.ts'

const INSTALL = 'install a provider: VirtualBox, or a plug-in as `vagrant plugin install vagrant-libvirt`'
const KNOWN = 'name one that is there with --vagrant-provider'

/** What makes machines, or does not. */
export const PROVIDERS: readonly Problem[] = [
  {
    kind: /^NoDefaultProvider$/,
    code: 'VAGRANT_NO_PROVIDER',
    tell: () => 'Vagrant finds no provider it can use on this computer',
    hints: [
      INSTALL,
      '--vagrant-provider NAME tells what is wrong with that one; docker is taken only where it is named',
      'machines of a project that are not made yet need one too: VAGRANT_DEFAULT_PROVIDER=NAME',
    ],
  },
  {
    kind: /^ProviderNotFound/,
    code: 'VAGRANT_NO_PROVIDER',
    says: /The provider '([^']*)' could not be found/,
    tell: (_of, said) => `Vagrant does not know the provider "${said?.[1]}"`,
    hints: [KNOWN, 'one of a plug-in has to be installed first: `vagrant plugin install vagrant-NAME`'],
  },
  {
    says: /VERR_VMX_NO_VMX|VERR_SVM_NO_SVM|VERR_(VMX|SVM)\w*DISABLED|VT-x is (not available|disabled)|AMD-V is (not available|disabled)/,
    code: 'VAGRANT_NO_VT',
    tell: () => "the processor's virtualization (VT-x, AMD-V) is off or taken",
    hints: [
      'switch it on in the firmware (BIOS, UEFI) of this computer',
      'inside of a VM: switch nested virtualization on',
    ],
  },
  {
    says: /VERR_(VMX_IN_VMX_ROOT_MODE|SVM_IN_USE)|can't operate in VMX root mode/,
    code: 'VAGRANT_VT_TAKEN',
    tell: () => "another hypervisor, as KVM, holds the processor's virtualization",
    hints: ['end its VMs and unload it (`modprobe -r kvm_intel` or `kvm_amd`), or use it: --vagrant-provider libvirt'],
  },
  {
    kind: /^(VirtualBoxNotDetected|VBoxManageNotFoundError|VBoxManageLaunchError)$/,
    code: 'VAGRANT_NO_PROVIDER',
    tell: () => 'Vagrant finds no VirtualBox on this computer',
    hints: ['install VirtualBox, or put VBoxManage on the PATH', KNOWN],
  },
  {
    kind: /^(VirtualBoxKernelModuleNotLoaded|VirtualBoxInstallIncomplete|VirtualBoxVersionEmpty)$/,
    code: 'VAGRANT_NO_PROVIDER',
    tell: () => 'VirtualBox is installed and its kernel modules are not loaded',
    hints: ['`sudo /sbin/vboxconfig` builds and loads them; with Secure Boot they have to be signed'],
  },
  {
    kind: /^VirtualBoxInvalidVersion$/,
    code: 'VAGRANT_NO_PROVIDER',
    tell: () => 'this Vagrant does not know the version of VirtualBox that is here',
    hints: ['update Vagrant: each of its versions knows the versions of VirtualBox of its day'],
  },
  {
    says: /not within the\s+allowed ranges|E_ACCESSDENIED[\s\S]*(HostNetworkInterface|Hostonly|StaticIPConfig)/,
    code: 'VAGRANT_NETWORK_REFUSED',
    tell: of => `VirtualBox allows no host-only network there${of('Address') ? ` (${of('Address')})` : ''}`,
    hints: [
      'take an address in 192.168.56.0/21 with --vagrant-private-network-ip',
      'or allow others in /etc/vbox/networks.conf, one line of them: * 192.168.0.0/16 10.0.0.0/8',
    ],
  },
  {
    kind: /^(NetworkDHCPAlreadyAttached|NetworkCollision|VirtualBoxNoRoomForHighLevelNetwork|NetworkAddressInvalid)$/,
    code: 'VAGRANT_NETWORK_REFUSED',
    hints: [
      'give the machine an address of its own: --vagrant-private-network-ip 192.168.56.21, or none for no such network',
    ],
  },
  {
    says: /Cannot connect to the Docker daemon|Is the docker daemon running|permission denied while trying to connect to the Docker daemon/,
    code: 'VAGRANT_NO_PROVIDER',
    tell: () => 'provider docker reaches no engine on this computer',
    hints: ['start it (systemctl start docker), or look at DOCKER_HOST and whether you may use it'],
  },
  {
    kind: /^ProviderNotUsable$/,
    code: 'VAGRANT_NO_PROVIDER',
    says: /The provider '([^']*)'[\s\S]*?shown below:\s+([\s\S]+)/,
    tell: (_of, said) => `Vagrant cannot use the provider "${said?.[1]}": ${firstSentence(said?.[2] ?? '')}`,
    hints: [INSTALL, KNOWN],
  },
  {
    kind: /^HypervVirtualBoxError$/,
    code: 'VAGRANT_VT_TAKEN',
    tell: () => 'Hyper-V is on, and VirtualBox cannot run beside it',
    hints: ['use it: --vagrant-provider hyperv in a terminal of an administrator, or switch it off and reboot'],
  },
]
