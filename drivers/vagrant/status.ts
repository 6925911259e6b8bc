import type { Status } from '../driver.ts'

/**
 * States of the providers, in the words of Vagrant's `status`: of virtualbox, libvirt, vmware_desktop, hyperv, parallels,
 * qemu and docker. An unknown one is ''.
 */
const STATES: Readonly<Record<string, Status>> = {
  running: 'Running',
  preparing: 'Starting',
  starting: 'Starting',
  restoring: 'Starting',
  resuming: 'Starting',
  created: 'Stopped',
  poweroff: 'Stopped',
  powered_off: 'Stopped',
  shutting_down: 'Stopping',
  shutoff: 'Stopped',
  shutdown: 'Stopped',
  off: 'Stopped',
  stopped: 'Stopped',
  aborted: 'Stopped',
  not_running: 'Stopped',
  exited: 'Stopped',
  saved: 'Saved',
  suspended: 'Saved',
  pmsuspended: 'Saved',
  paused: 'Paused',
  saving: 'Stopping',
  suspending: 'Stopping',
  stopping: 'Stopping',
  pausing: 'Stopping',
  gurumeditation: 'Error',
  inaccessible: 'Error',
  stuck: 'Error',
  crashed: 'Error',
  dead: 'Error',
  not_created: 'Not Found',
}

/** The provider's state in the words of `ls`. */
export function statusOf(state: string, provider: string): Status {
  if (provider === 'libvirt' && state === 'inaccessible') return 'Starting' // it runs, and has no address yet
  return STATES[state.toLowerCase().replaceAll(/[ -]/g, '_')] ?? ''
}
