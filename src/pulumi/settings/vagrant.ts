/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver vagrant: a machine that Vagrant makes on this computer. */
export interface VagrantSettings {
  /** box the machine is made of (bento/ubuntu-24.04); with provider docker, an image that runs systemd and sshd (env MACHINE_VAGRANT_BOX) */
  box?: Input<string>
  /** version of the box, as '>= 1.2' (env MACHINE_VAGRANT_BOX_VERSION) */
  boxVersion?: Input<string>
  /** where the box is: a URL or a file; without it the name is looked up in the catalogue (env MACHINE_VAGRANT_BOX_URL) */
  boxUrl?: Input<string>
  /** virtualbox, libvirt, vmware_desktop, hyperv, parallels, qemu, docker, or one of a plug-in; what Vagrant finds usable by default (env MACHINE_VAGRANT_PROVIDER) */
  provider?: Input<string>
  /** processors (2; docker: no limit) (env MACHINE_VAGRANT_CPUS) */
  cpus?: Input<number>
  /** memory (MB; 2048; docker: no limit) (env MACHINE_VAGRANT_MEMORY) */
  memory?: Input<number>
  /** size of the disk (MB); the box's own by default (env MACHINE_VAGRANT_DISK_SIZE) */
  diskSize?: Input<number>
  /** address in a network of this computer alone: an IP address, dhcp or none (virtualbox: dhcp, others: none) (env MACHINE_VAGRANT_PRIVATE_NETWORK_IP) */
  privateNetworkIp?: Input<string>
  /** folder of this computer the machine sees, HERE:THERE or HERE:THERE:TYPE (rsync, nfs, virtualbox …) (env MACHINE_VAGRANT_SYNCED_FOLDER) */
  syncedFolder?: Input<Input<string>[]>
  /** file with further lines of a Vagrantfile (`config` is there), or a whole one; it has the last word (env MACHINE_VAGRANT_VAGRANTFILE) */
  vagrantfile?: Input<string>
  /** user to log in as (the box's own: vagrant) (env MACHINE_VAGRANT_SSH_USER) */
  sshUser?: Input<string>
  /** folder of a Vagrantfile that is there: takes over a machine it made, as `adopt --vagrant` does (env MACHINE_VAGRANT_PROJECT) */
  project?: Input<string>
  /** which machine of the project; needed where it has several (env MACHINE_VAGRANT_PROJECT_VM) */
  projectVm?: Input<string>
  /** `rm` also destroys the project's machine; without it, it stays (env MACHINE_VAGRANT_PROJECT_DESTROY) */
  projectDestroy?: Input<boolean>
}
