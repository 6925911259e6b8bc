/** Docker Machine's flags with their variables and meaning, and ours. Of its defaults one is another: see hostonlyCidr. */
import type { Config } from '../driver.ts'

export const flags = {
  memory: { type: 'int', help: 'memory of the host (MB)', env: 'VIRTUALBOX_MEMORY_SIZE', default: 1024 },
  cpuCount: {
    type: 'int',
    help: 'processors of the host; -1 takes all of this computer, at most 32',
    env: 'VIRTUALBOX_CPU_COUNT',
    default: 1,
  },
  diskSize: {
    type: 'int',
    help: 'size of its disk (MB), which takes only what is written',
    env: 'VIRTUALBOX_DISK_SIZE',
    default: 20_000,
  },
  image: {
    type: 'string',
    help: 'cloud image, a file or URL: VMDK, VDI, VHD, OVA, qcow2 or raw; Ubuntu for this CPU without',
    env: 'VIRTUALBOX_IMAGE',
    path: 'file',
  },
  imageSha256: { type: 'string', help: 'SHA-256 that the image must have', env: 'VIRTUALBOX_IMAGE_SHA256' },
  imageDir: {
    type: 'string',
    help: 'where images lie, and the disks linked ones grow out of',
    env: 'VIRTUALBOX_IMAGE_DIR',
    path: 'folder',
  },
  linkedClone: {
    type: 'bool',
    help: "keep only what differs from the image's disk; otherwise a whole copy",
    env: 'VIRTUALBOX_LINKED_CLONE',
    default: true,
  },
  userdata: { type: 'string', help: 'file for cloud-init', env: 'VIRTUALBOX_USERDATA', path: 'file' },
  sshUser: {
    type: 'string',
    help: 'user to log in as, made at the first boot',
    env: 'VIRTUALBOX_SSH_USER',
    default: 'docker',
  },
  boot2dockerUrl: {
    type: 'string',
    help: 'as --virtualbox-image; a boot2docker CD is refused',
    env: 'VIRTUALBOX_BOOT2DOCKER_URL',
  },
  importBoot2dockerVm: {
    type: 'string',
    help: 'refused: disks of boot2docker are for its CD alone',
    env: 'VIRTUALBOX_BOOT2DOCKER_IMPORT_VM',
  },
  hostDnsResolver: {
    type: 'bool',
    help: "names are resolved by this computer's resolver",
    env: 'VIRTUALBOX_HOST_DNS_RESOLVER',
  },
  noDnsProxy: {
    type: 'bool',
    help: "the host asks this computer's name servers by itself, not through VirtualBox",
    env: 'VIRTUALBOX_NO_DNS_PROXY',
  },
  natNictype: {
    type: 'string',
    help: 'network card to the outside; virtio on ARM',
    env: 'VIRTUALBOX_NAT_NICTYPE',
    default: '82540EM',
  },
  hostonlyCidr: {
    type: 'string',
    help: 'address of this computer in the host-only network, with its prefix',
    env: 'VIRTUALBOX_HOSTONLY_CIDR',
    default: '192.168.59.1/24',
  },
  hostonlyNictype: {
    type: 'string',
    help: 'network card to this computer; virtio on ARM',
    env: 'VIRTUALBOX_HOSTONLY_NIC_TYPE',
    default: '82540EM',
  },
  hostonlyNicpromisc: {
    type: 'string',
    help: "whose packets it sees besides the host's",
    env: 'VIRTUALBOX_HOSTONLY_NIC_PROMISC',
    default: 'deny',
    options: ['deny', 'allow-vms', 'allow-all'],
  },
  hostonlyNoDhcp: {
    type: 'bool',
    help: "no VirtualBox DHCP server in the host-only network; the host's address is fixed",
    env: 'VIRTUALBOX_HOSTONLY_NO_DHCP',
  },
  hostonlyAddress: {
    type: 'string',
    help: 'fixed address of the host in the host-only network',
    env: 'VIRTUALBOX_HOSTONLY_ADDRESS',
  },
  uiType: {
    type: 'string',
    help: 'how its screen is shown',
    env: 'VIRTUALBOX_UI_TYPE',
    default: 'headless',
    options: ['gui', 'sdl', 'headless', 'separate'],
  },
  noShare: { type: 'bool', help: 'share no folder with the host', env: 'VIRTUALBOX_NO_SHARE' },
  shareFolder: {
    type: 'string',
    help: 'folder to share, as FOLDER:NAME; the host mounts it at /NAME',
    env: 'VIRTUALBOX_SHARE_FOLDER',
  },
  noVtxCheck: {
    type: 'bool',
    help: 'do not look whether this CPU can run virtual machines',
    env: 'VIRTUALBOX_NO_VTX_CHECK',
  },
  stopTimeout: {
    type: 'int',
    help: 'how long the host may take to shut down (seconds)',
    env: 'VIRTUALBOX_STOP_TIMEOUT',
    default: 120,
  },
} as const

export type VirtualBoxConfig = Config<typeof flags>
