import type { Problem } from './problems.ts'

/** Vagrantfiles, and machines that do not come up. */
export const RUNS: readonly Problem[] = [
  {
    kind: /^SSHNotReady$/,
    code: 'VAGRANT_NOT_READY',
    tell: () => 'the machine does not run, or is not ready to log in to',
    hints: ['`vagrant status` tells its state'],
  },
  {
    kind: /^(MachineLocked|MachineActionLockedError|EnvironmentLockedError)$/,
    code: 'VAGRANT_LOCKED',
    tell: () => 'another vagrant is at work on this machine',
    hints: ['wait for it to end, or end it'],
  },
  {
    kind: /^Vagrantfile(Load|Name)Error$/,
    code: 'VAGRANT_FILE',
    tell: of => `the Vagrantfile ${of('Path')} fails in line ${of('Line number')}: ${of('Message')}`,
    hints: ['look at the file that --vagrant-vagrantfile names, or at the Vagrantfile of the project'],
  },
  {
    kind: /^VagrantfileSyntaxError$/,
    says: /convenience:\s+([^\n]+)/,
    code: 'VAGRANT_FILE',
    tell: (_of, said) => `the Vagrantfile is no Ruby: ${said?.[1]}`,
    hints: ['look at the file that --vagrant-vagrantfile names, or at the Vagrantfile of the project'],
  },
  {
    kind: /^ConfigInvalid$/,
    says: /\*\s*([^\n]+(?:\n {2,}[^*\s][^\n]*)*)/,
    code: 'VAGRANT_FILE',
    tell: (_of, said) =>
      `Vagrant does not take the settings: ${said?.[1]?.replace(/\s+/g, ' ').trim().replace(/\.$/, '')}`,
    hints: ['a setting of a provider that is a plug-in needs the plug-in: `vagrant plugin list`'],
  },
  {
    kind: /^Plugin|^MissingPlugin/,
    code: 'VAGRANT_PLUGIN',
    hints: ['`vagrant plugin install NAME` installs one, `vagrant plugin repair` mends them'],
  },
  {
    kind: /^(StateStopped|StateNotRunning)$/,
    code: 'VAGRANT_ENDED',
    tell: () => 'the container ended as soon as it was started',
    hints: ['the image must start an init that stays, as systemd does, and sshd'],
  },
  {
    kind: /^VMBootTimeout$/,
    code: 'VAGRANT_BOOT',
    tell: () => 'the machine was started and did not let Vagrant log in in time',
    hints: [
      'is it slow? config.vm.boot_timeout = 600 in a file for --vagrant-vagrantfile gives it longer',
      'does the box let in another user? --vagrant-ssh-user',
    ],
  },
  {
    kind: /^VMBootBadState$/,
    code: 'VAGRANT_BOOT',
    tell: () => 'the machine was started and ended before it was up',
    hints: ["look at it in the provider's own window, and at its log"],
  },
  {
    kind: /^SSHAuthenticationFailed$/,
    code: 'VAGRANT_BOOT',
    tell: () => 'the machine does not let Vagrant log in',
    hints: [
      'which user and key does the box know? --vagrant-ssh-user, config.ssh.private_key_path in --vagrant-vagrantfile',
    ],
  },
  {
    kind: /^ForwardPortCollision$/,
    code: 'VAGRANT_PORT',
    hints: ['end what listens there, or let Vagrant choose: auto_correct: true'],
  },
  {
    kind: /^UIExpectsTTY$/,
    code: 'VAGRANT_ASKS',
    tell: () => 'Vagrant wanted to ask something, and nobody can be asked here',
    hints: [
      'say it in the Vagrantfile: which bridge, which password of a share',
      'run `vagrant up` there by hand once',
    ],
  },
  {
    kind: /^VirtualBoxUserMismatch$/,
    code: 'VAGRANT_OTHER_USER',
    tell: () => 'the machine was made by another user of this computer',
    hints: ['run this as that user: VirtualBox keeps machines by user'],
  },
  {
    kind: /^(VMNotFoundError|MachineNotFound|VMNoMatchError)$/,
    code: 'VAGRANT_NO_VM',
    hints: ['`vagrant status` in the folder lists the machines of its Vagrantfile'],
  },
  {
    kind: /^(NoEnvironmentError|EnvironmentNonExistentCWD)$/,
    code: 'VAGRANT_NO_FILE',
    tell: () => 'there is no Vagrantfile',
    hints: ['name the folder it is in'],
  },
  {
    says: /(Read-only file system|Permission denied) @ \w+ - (.+) \(Errno::/,
    code: 'VAGRANT_NOT_WRITABLE',
    tell: (_of, said) => `Vagrant cannot write ${said?.[2]} (${said?.[1]?.toLowerCase()})`,
    hints: ['it keeps boxes and an index of machines in ~/.vagrant.d: VAGRANT_HOME names another folder'],
  },
  {
    says: /No space left on device|VERR_DISK_FULL|not enough (free )?disk space/i,
    code: 'VAGRANT_DISK',
    tell: () => 'this computer has no room left for the machine',
    hints: ['`vagrant box prune` removes old boxes', 'VAGRANT_HOME moves them to another disk'],
  },
  {
    says: /gems? (.*)is not (loaded|installed)|cannot load such file|Vagrant failed to initialize/,
    code: 'VAGRANT_BROKEN',
    tell: () => 'Vagrant itself does not start',
    hints: ['does `vagrant --version` work, and `vagrant plugin list`? `vagrant plugin repair` mends plug-ins'],
  },
]
