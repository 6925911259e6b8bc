import { type Cmd, script, sh } from '../../src/ssh/quote.ts'
import { TESTING } from './apt-sources.ts'
import type { RootInputs } from './settings.ts'

/**
 * How long testing's package index is believed after it was made, in seconds: 60 days. It expires after seven, and
 * mirrors that follow slowly would fail the build; apt's own setting for such mirrors. Signatures are checked as ever.
 */
const TESTING_VALID_S = 60 * 24 * 3600

/** Printed by the script for those who read along. */
export const WAITING = 'machine: waiting for another build of this root file system'

/** Documentation and translations are half of such a tree and nobody reads them there; licences stay. */
const NO_DOCS = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
]

/** What must differ between hosts is not kept: SSH host keys and the machine id. */
const IMPERSONAL = 'rm -f "$1"/etc/ssh/ssh_host_*; : > "$1"/etc/machine-id; rm -f "$1"/var/lib/dbus/machine-id'

function mmdebstrap(inputs: RootInputs): Cmd {
  const options = [
    '--verbose',
    '--mode=root',
    '--format=directory',
    '--variant=minbase',
    `--architectures=${inputs.arch}`,
    `--include=${inputs.packages.join(',')}`,
    ...NO_DOCS.map(option => `--dpkgopt=${option}`),
    ...(inputs.suite === TESTING ? [`--aptopt=Acquire::Min-ValidTime "${TESTING_VALID_S}"`] : []),
    `--customize-hook=${IMPERSONAL}`,
  ]
  return sh`mmdebstrap ${options} ${inputs.suite} "$half" ${[...inputs.sources]}`
}

function make(inputs: RootInputs): Cmd {
  if (inputs.tar === undefined) return mmdebstrap(inputs)
  return sh`mkdir "$half" && tar -C "$half" --numeric-owner --xattrs --xattrs-include='*' -xpf ${inputs.tar.path}`
}

/**
 * Makes the tree `key` unless it is there. One build at a time per tree: the kernel gives the lock back when the builder
 * and all its children are gone, however they ended, so whoever holds it may throw away what a dead builder left.
 */
export function rootfsScript(cache: string, key: string, inputs: RootInputs): Cmd {
  return sh`cache=${cache} key=${key}
${script(`set -eu
mkdir -p "$cache"; chmod 755 "$cache"
mkdir -p -m 700 "$cache/nspawn"; cd "$cache/nspawn"
half="$cache/nspawn/$key.building"
drop() { # a dead builder's tree, and what it left mounted in it
  sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \\([^ ]*\\) .*/\\1/p' /proc/self/mountinfo | grep -F "$1/" | sort -r | while read -r m; do umount -l "$m"; done
  rm -rf --one-file-system "$1"
}
[ -e "$key/etc" ] && exit 0
for other in *.building; do # leftovers of other trees
  [ -e "$other" ] && [ "$other" != "$key.building" ] || continue
  (exec 8>>"\${other%.building}.lock"; flock -n 8 && drop "$cache/nspawn/$other") || :
done
exec 9>>"$key.lock"
flock -n 9 || { echo "${WAITING}"; flock 9; }
[ -e "$key/etc" ] && exit 0
drop "$half"
`)}${make(inputs)} </dev/null
${script(`chmod 755 "$half"; sync -f "$half"; mv -T "$half" "$cache/nspawn/$key"`)}`
}
