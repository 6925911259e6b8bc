/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver virtualbox: a VM of VirtualBox on this computer. */
export interface VirtualboxSettings {
  /** memory of the host (MB) (env VIRTUALBOX_MEMORY_SIZE, default 1024) */
  memory?: Input<number>
  /** processors of the host; -1 takes all of this computer, at most 32 (env VIRTUALBOX_CPU_COUNT, default 1) */
  cpuCount?: Input<number>
  /** size of its disk (MB), which takes only what is written (env VIRTUALBOX_DISK_SIZE, default 20000) */
  diskSize?: Input<number>
  /** cloud image, a file or URL: VMDK, VDI, VHD, OVA, qcow2 or raw; Ubuntu for this CPU without (env VIRTUALBOX_IMAGE) */
  image?: Input<string>
  /** SHA-256 that the image must have (env VIRTUALBOX_IMAGE_SHA256) */
  imageSha256?: Input<string>
  /** where images lie, and the disks linked ones grow out of (env VIRTUALBOX_IMAGE_DIR) */
  imageDir?: Input<string>
  /** keep only what differs from the image's disk; otherwise a whole copy (env VIRTUALBOX_LINKED_CLONE, default true) */
  linkedClone?: Input<boolean>
  /** file for cloud-init (env VIRTUALBOX_USERDATA) */
  userdata?: Input<string>
  /** user to log in as, made at the first boot (env VIRTUALBOX_SSH_USER, default docker) */
  sshUser?: Input<string>
  /** as --virtualbox-image; a boot2docker CD is refused (env VIRTUALBOX_BOOT2DOCKER_URL) */
  boot2dockerUrl?: Input<string>
  /** refused: disks of boot2docker are for its CD alone (env VIRTUALBOX_BOOT2DOCKER_IMPORT_VM) */
  importBoot2dockerVm?: Input<string>
  /** names are resolved by this computer's resolver (env VIRTUALBOX_HOST_DNS_RESOLVER) */
  hostDnsResolver?: Input<boolean>
  /** the host asks this computer's name servers by itself, not through VirtualBox (env VIRTUALBOX_NO_DNS_PROXY) */
  noDnsProxy?: Input<boolean>
  /** network card to the outside; virtio on ARM (env VIRTUALBOX_NAT_NICTYPE, default 82540EM) */
  natNictype?: Input<string>
  /** address of this computer in the host-only network, with its prefix (env VIRTUALBOX_HOSTONLY_CIDR, default 192.168.59.1/24) */
  hostonlyCidr?: Input<string>
  /** network card to this computer; virtio on ARM (env VIRTUALBOX_HOSTONLY_NIC_TYPE, default 82540EM) */
  hostonlyNictype?: Input<string>
  /** whose packets it sees besides the host's (env VIRTUALBOX_HOSTONLY_NIC_PROMISC, default deny) */
  hostonlyNicpromisc?: Input<'deny' | 'allow-vms' | 'allow-all'>
  /** no VirtualBox DHCP server in the host-only network; the host's address is fixed (env VIRTUALBOX_HOSTONLY_NO_DHCP) */
  hostonlyNoDhcp?: Input<boolean>
  /** fixed address of the host in the host-only network (env VIRTUALBOX_HOSTONLY_ADDRESS) */
  hostonlyAddress?: Input<string>
  /** how its screen is shown (env VIRTUALBOX_UI_TYPE, default headless) */
  uiType?: Input<'gui' | 'sdl' | 'headless' | 'separate'>
  /** share no folder with the host (env VIRTUALBOX_NO_SHARE) */
  noShare?: Input<boolean>
  /** folder to share, as FOLDER:NAME; the host mounts it at /NAME (env VIRTUALBOX_SHARE_FOLDER) */
  shareFolder?: Input<string>
  /** do not look whether this CPU can run virtual machines (env VIRTUALBOX_NO_VTX_CHECK) */
  noVtxCheck?: Input<boolean>
  /** how long the host may take to shut down (seconds) (env VIRTUALBOX_STOP_TIMEOUT, default 120) */
  stopTimeout?: Input<number>
}
