/** What VirtualBox says → what it means and what to do. The test quotes it as it is said. */

export interface Problem {
  readonly code: string
  readonly text: string
  readonly hints: readonly string[]
}

interface Entry {
  readonly when: RegExp
  readonly code: string
  /** `said`: what `when` captured. */
  tell(said: string): string
  hints(said: string): string[]
}

const KVM = [
  'end what runs under KVM (virsh list, ps -C qemu-system-x86_64), then: sudo modprobe -r kvm_intel kvm_amd kvm',
  'where Linux 6.12 or newer keeps it busy by itself, boot with kvm.enable_virt_at_load=0',
]
const FIRMWARE = ['switch on VT-x or AMD-V (SVM) in the firmware set-up of this computer (BIOS, UEFI)']
const HYPERV = [
  'switch Hyper-V off, as administrator, and restart: bcdedit /set hypervisorlaunchtype off',
  'core isolation (memory integrity) and WSL 2 need it: they go with it',
]
const MODULE = [
  'Linux: sudo /sbin/vboxconfig (packages linux-headers and virtualbox-dkms); with Secure Boot its modules must be signed',
  'macOS: allow Oracle in System Settings, Privacy & Security, and restart',
]

const ENTRIES: readonly Entry[] = [
  {
    when: /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE/,
    code: 'VBOX_KVM',
    tell: () => 'another hypervisor, most likely KVM, has the virtualization of this CPU',
    hints: () => KVM,
  },
  {
    when: /VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT|VERR_NEM_\w+|WHvSetupPartition/,
    code: 'VBOX_HYPERV',
    tell: () => 'Hyper-V has the virtualization of this CPU, and leaves VirtualBox none',
    hints: () => HYPERV,
  },
  {
    when: /VERR_VMX_MSR_\w*DISABLED|VERR_SVM_DISABLED|VERR_VMX_MSR_LOCKED\w*/,
    code: 'VBOX_VTX',
    tell: () => 'the virtualization of this CPU (VT-x, AMD-V) is switched off',
    hints: () => FIRMWARE,
  },
  {
    when: /VERR_VMX_NO_VMX|VERR_SVM_NO_SVM/,
    code: 'VBOX_VTX',
    tell: () => 'this CPU offers no virtualization (VT-x, AMD-V)',
    hints: () => [...FIRMWARE, 'in a virtual machine, its own host must pass it on (nested virtualization)'],
  },
  {
    when: /vboxdrv kernel module is not loaded|character device \/dev\/vboxdrv does not exist|Kernel driver not installed|VERR_VM_DRIVER_\w+|rc=-1908/,
    code: 'VBOX_MODULE',
    tell: () => 'the kernel module of VirtualBox is not loaded',
    hints: () => MODULE,
  },
  {
    when: /\/dev\/vboxnetctl|VBoxNetAdpCtl: Error/,
    code: 'VBOX_MODULE',
    tell: () => 'the kernel module for host-only networks of VirtualBox is not loaded',
    hints: () => ['sudo modprobe vboxnetadp vboxnetflt; if there is none: sudo /sbin/vboxconfig'],
  },
  {
    when: /VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED|Guest CPU architecture is not supported/i,
    code: 'VBOX_ARCH',
    tell: () => 'VirtualBox runs machines of this computer’s own CPU alone',
    hints: () => ['name an image for this CPU: --virtualbox-image'],
  },
  {
    when: /Machine settings file '([^']*)' already exists|a (?:virtual )?machine named '([^']*)'.*already exists/i,
    code: 'VBOX_NAME',
    tell: said => `VirtualBox has a VM where this one would lie: ${said}`,
    hints: () => ['choose another name, or remove that VM: VBoxManage unregistervm NAME --delete'],
  },
  {
    when: /VERR_DISK_FULL|No space left on device|not enough (?:free )?(?:disk )?space/i,
    code: 'VBOX_DISK_FULL',
    tell: () => 'there is no room left on the disk of this computer',
    hints: () => ['free some; images lie in --virtualbox-image-dir, machines in the store'],
  },
  {
    when: /VERR_NO_MEMORY|VERR_EM_NO_MEMORY|E_OUTOFMEMORY|NS_ERROR_OUT_OF_MEMORY|VERR_GMM_\w+/,
    code: 'VBOX_MEMORY',
    tell: () => 'this computer has not enough free memory for the machine',
    hints: () => ['stop other machines, or give it less: --virtualbox-memory'],
  },
  {
    when: /Nonexistent host networking interface, name '([^']*)'|Interface \('([^']*)'\) is not a Host-Only|VERR_INTNET_FLT_IF_NOT_FOUND/,
    code: 'VBOX_NETWORK',
    tell: said => `the host-only network${said ? ` ${said}` : ''} is not there`,
    hints: () => [
      'machine start makes it again; if it does not help: sudo modprobe vboxnetadp, or restart this computer',
    ],
  },
  {
    when: /Failed to create the VirtualBox object|VirtualBox COM server|NS_ERROR_(?:SOCKET_FAIL|ABORT|CALL_FAILED)|CO_E_SERVER_EXEC_FAILURE/,
    code: 'VBOX_SERVICE',
    tell: () => 'the service of VirtualBox (VBoxSVC) does not answer',
    hints: () => [
      'close its windows, end what is left of VBoxSVC, and try again',
      'it runs for one user: not sudo once and without the next time',
    ],
  },
  {
    when: /UUID \{[^}]*\} of the medium '([^']*)'|because a hard disk '([^']*)' with UUID/,
    code: 'VBOX_DISK',
    tell: said => `VirtualBox remembers another disk in the place of ${said}`,
    hints: () => ['VBoxManage closemedium disk FILE makes it forget that'],
  },
]

/** Undefined: nothing we know. */
export function problemIn(said: string): Problem | undefined {
  for (const { when, code, tell, hints } of ENTRIES) {
    const match = when.exec(said)
    const captured = match?.slice(1).find(Boolean) ?? ''
    if (match) return { code, text: tell(captured), hints: hints(captured) }
  }
  return undefined
}

/** The hints of a problem that a look finds before VirtualBox says it. */
export const REMEDIES = { firmware: FIRMWARE, hyperv: HYPERV, module: MODULE } as const
