/** VirtualBox's words, verbatim, and what is made of them. */
import { expect, test } from '@jest/globals'
import { blamed, isGone, VBoxFailure } from '../../../../drivers/virtualbox/failure.ts'

const failed = (said: string) => blamed(new VBoxFailure(['startvm', 'dev'], 1, said), 'start the VM')

test.each([
  [
    'VBOX_KVM',
    "VBoxManage: error: VT-x is being used by another hypervisor (VERR_VMX_IN_VMX_ROOT_MODE).\nVBoxManage: error: VirtualBox can't operate in VMX root mode. Please disable the KVM kernel extension, recompile your kernel and reboot (VERR_VMX_IN_VMX_ROOT_MODE)\nVBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component ConsoleWrap, interface IConsole",
    'another hypervisor, most likely KVM, has the virtualization of this CPU',
    /modprobe -r kvm_intel/,
  ],
  [
    'VBOX_KVM',
    "VBoxManage: error: VirtualBox can't enable the AMD-V extension. Please disable the KVM kernel extension, recompile your kernel and reboot (VERR_SVM_IN_USE)",
    'another hypervisor, most likely KVM, has the virtualization of this CPU',
    /modprobe -r/,
  ],
  [
    'VBOX_VTX',
    'VBoxManage: error: VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)',
    'the virtualization of this CPU (VT-x, AMD-V) is switched off',
    /firmware set-up/,
  ],
  [
    'VBOX_VTX',
    'VBoxManage: error: AMD-V is disabled in the BIOS (or by the host OS) (VERR_SVM_DISABLED)',
    'the virtualization of this CPU (VT-x, AMD-V) is switched off',
    /firmware set-up/,
  ],
  [
    'VBOX_VTX',
    'VBoxManage: error: VT-x is not available (VERR_VMX_NO_VMX)',
    'this CPU offers no virtualization (VT-x, AMD-V)',
    /firmware set-up/,
  ],
  [
    'VBOX_HYPERV',
    'VBoxManage.exe: error: Raw-mode is unavailable courtesy of Hyper-V. (VERR_SUPDRV_NO_RAW_MODE_HYPER_V_ROOT)',
    'Hyper-V has the virtualization of this CPU, and leaves VirtualBox none',
    /bcdedit/,
  ],
  [
    'VBOX_HYPERV',
    'VBoxManage.exe: error: Call to WHvSetupPartition failed: ERROR_SUCCESS (Last=0xc000000d/87) (VERR_NEM_VM_CREATE_FAILED)',
    'Hyper-V has the virtualization of this CPU, and leaves VirtualBox none',
    /bcdedit/,
  ],
  [
    'VBOX_MODULE',
    'WARNING: The vboxdrv kernel module is not loaded. Either there is no module\n         available for the current kernel (6.12.9-amd64) or it failed to\n         load. Please recompile the kernel module and install it by\n\n           sudo /sbin/vboxconfig\n',
    'the kernel module of VirtualBox is not loaded',
    /vboxconfig/,
  ],
  [
    'VBOX_MODULE',
    "VBoxManage: error: The virtual machine 'dev' has terminated unexpectedly during startup with exit code 1 (0x1)\nKernel driver not installed (rc=-1908)",
    'the kernel module of VirtualBox is not loaded',
    /vboxconfig/,
  ],
  [
    'VBOX_MODULE',
    'VBoxManage: error: Failed to create the host-only adapter\nVBoxManage: error: VBoxNetAdpCtl: Error while adding new interface: failed to open /dev/vboxnetctl: No such file or directory',
    'the kernel module for host-only networks of VirtualBox is not loaded',
    /modprobe vboxnetadp/,
  ],
  [
    'VBOX_NAME',
    "VBoxManage: error: Machine settings file '/home/a/dev/dev.vbox' already exists\nVBoxManage: error: Details: code VBOX_E_FILE_ERROR (0x80bb0004), component MachineWrap, interface IMachine, callee nsISupports",
    'VirtualBox has a VM where this one would lie: /home/a/dev/dev.vbox',
    /another name/,
  ],
  [
    'VBOX_DISK_FULL',
    'VBoxManage: error: Could not convert the image: VERR_DISK_FULL',
    'there is no room left on the disk of this computer',
    /free some/,
  ],
  [
    'VBOX_MEMORY',
    'VBoxManage: error: Out of memory condition when allocating memory with low physical backing. (VERR_NO_LOW_MEMORY) (VERR_NO_MEMORY)',
    'this computer has not enough free memory for the machine',
    /--virtualbox-memory/,
  ],
  [
    'VBOX_NETWORK',
    "VBoxManage: error: Nonexistent host networking interface, name 'vboxnet0' (VERR_INTERNAL_ERROR)",
    'the host-only network vboxnet0 is not there',
    /machine start/,
  ],
  [
    'VBOX_SERVICE',
    'VBoxManage: error: Failed to create the VirtualBox object!\nVBoxManage: error: Code NS_ERROR_ABORT (0x80004004) - Operation aborted (extended info not available)',
    'the service of VirtualBox (VBoxSVC) does not answer',
    /VBoxSVC/,
  ],
])('%s: %s', (code, said, text, hint) => {
  const error = failed(said)
  expect(error).toMatchObject({ code, message: text })
  expect(error.suggestions.join('\n')).toMatch(hint)
})

test('what is not known is told in its own words, on one line, without details', () => {
  const said =
    'VBoxManage: error: Something new\nVBoxManage: error: that happened\nVBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component X\nVBoxManage: error: Context: "LaunchVMProcess(a->session)" at line 1 of file VBoxManageMisc.cpp'
  expect(failed(said)).toMatchObject({
    code: 'VBOX_FAILED',
    message: 'VirtualBox could not start the VM: Something new that happened',
  })
  expect(failed('')).toMatchObject({
    message: 'VirtualBox could not start the VM: VBoxManage startvm ended with exit code 1',
  })
})

test('what is gone', () => {
  const gone = new VBoxFailure(
    ['showvminfo', 'dev'],
    1,
    "VBoxManage: error: Could not find a registered machine named 'dev'\nVBoxManage: error: Details: code VBOX_E_OBJECT_NOT_FOUND (0x80bb0001), component VirtualBoxWrap, interface IVirtualBox, callee nsISupports",
  )
  expect(isGone(blamed(gone, 'look'))).toBe(true)
  expect(isGone(failed('VBoxManage: error: other'))).toBe(false)
})
