import type { Config } from '../driver.ts'

/** Flags of the driver, all with an environment variable MACHINE_VAGRANT_*: Vagrant itself reads VAGRANT_*. */
export const flags = {
  box: {
    type: 'string',
    help: 'box the machine is made of (bento/ubuntu-24.04); with provider docker, an image that runs systemd and sshd',
    env: 'MACHINE_VAGRANT_BOX',
  },
  boxVersion: { type: 'string', help: "version of the box, as '>= 1.2'", env: 'MACHINE_VAGRANT_BOX_VERSION' },
  boxUrl: {
    type: 'string',
    help: 'where the box is: a URL or a file; without it the name is looked up in the catalogue',
    env: 'MACHINE_VAGRANT_BOX_URL',
    path: 'file',
  },
  provider: {
    type: 'string',
    help: 'virtualbox, libvirt, vmware_desktop, hyperv, parallels, qemu, docker, or one of a plug-in; what Vagrant finds usable by default',
    env: 'MACHINE_VAGRANT_PROVIDER',
  },
  cpus: { type: 'int', help: 'processors (2; docker: no limit)', env: 'MACHINE_VAGRANT_CPUS' },
  memory: { type: 'int', help: 'memory (MB; 2048; docker: no limit)', env: 'MACHINE_VAGRANT_MEMORY' },
  diskSize: { type: 'int', help: "size of the disk (MB); the box's own by default", env: 'MACHINE_VAGRANT_DISK_SIZE' },
  privateNetworkIp: {
    type: 'string',
    help: 'address in a network of this computer alone: an IP address, dhcp or none (virtualbox: dhcp, others: none)',
    env: 'MACHINE_VAGRANT_PRIVATE_NETWORK_IP',
  },
  syncedFolder: {
    type: 'list',
    help: 'folder of this computer the machine sees, HERE:THERE or HERE:THERE:TYPE (rsync, nfs, virtualbox …)',
    env: 'MACHINE_VAGRANT_SYNCED_FOLDER',
  },
  vagrantfile: {
    type: 'string',
    help: 'file with further lines of a Vagrantfile (`config` is there), or a whole one; it has the last word',
    env: 'MACHINE_VAGRANT_VAGRANTFILE',
    path: 'file',
  },
  sshUser: { type: 'string', help: "user to log in as (the box's own: vagrant)", env: 'MACHINE_VAGRANT_SSH_USER' },
  project: {
    type: 'string',
    help: 'folder of a Vagrantfile that is there: takes over a machine it made, as `adopt --vagrant` does',
    env: 'MACHINE_VAGRANT_PROJECT',
    path: 'folder',
  },
  projectVm: {
    type: 'string',
    help: 'which machine of the project; needed where it has several',
    env: 'MACHINE_VAGRANT_PROJECT_VM',
  },
  projectDestroy: {
    type: 'bool',
    help: "`rm` also destroys the project's machine; without it, it stays",
    env: 'MACHINE_VAGRANT_PROJECT_DESTROY',
  },
} as const

export type VagrantConfig = Config<typeof flags>
