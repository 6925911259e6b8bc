import type { Problem } from './problems.ts'

const SERVER = 'is libvirtd on (systemctl start libvirtd), and may you use it? (group libvirt, and log in anew)'

/** libvirt, as vagrant-libvirt tells of it. */
export const LIBVIRT: readonly Problem[] = [
  {
    kind: /^FogLibvirtConnectionError$/,
    says: /connecting to Libvirt: ([\s\S]+)/i,
    code: 'VAGRANT_NO_PROVIDER',
    tell: (_of, said) => `libvirt is not reached: ${flat(said?.[1])}`,
    hints: [SERVER, 'LIBVIRT_DEFAULT_URI, or v.uri in a file for --vagrant-vagrantfile, names another'],
  },
  {
    says: /could not get preferred machine .*type=kvm|KVM .*(not available|not supported)|\/dev\/kvm|does not support virt type 'kvm'/i,
    kind: /^(Fog|DomainStartError|$)/,
    code: 'VAGRANT_NO_VT',
    tell: () => 'this computer has no KVM: its processor does not virtualize, or this is off',
    hints: [
      'switch it on in the firmware (BIOS, UEFI), or nested virtualization where this computer is a VM itself',
      'config.vm.provider("libvirt") { |v| v.driver = "qemu" } in a file for --vagrant-vagrantfile emulates it, slowly',
    ],
  },
  {
    kind: /^(DomainNameExists|DomainVolumeExists)$/,
    code: 'VAGRANT_TAKEN',
    hints: [
      '`machine rm` takes away what an earlier run of this name left; then create it again',
      '`virsh -c qemu:///system list --all` and `vol-list default` show what there is',
    ],
  },
  {
    kind: /^(NetworkNotAvailableError|DHCPMismatch|NetworkNameAndAddressMismatch|CreateNetworkError|ActivateNetworkError|ManagementNetworkError)$/,
    code: 'VAGRANT_NETWORK_REFUSED',
    hints: [
      'take an address of another range with --vagrant-private-network-ip; `virsh -c qemu:///system net-list` shows those in use',
    ],
  },
  {
    says: /wait_for timeout \(.*\) was exceeded|^No IP address found/,
    code: 'VAGRANT_BOOT',
    tell: () => 'the machine was started and got no address in time',
    hints: ['does the box ask for one by DHCP? `virsh -c qemu:///system console NAME` shows how far it came'],
  },
]

function flat(text = ''): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 300)
}
