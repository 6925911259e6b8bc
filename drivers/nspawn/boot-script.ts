/**
 * Boots a host. Where systemd is this computer's PID 1 it becomes a transient unit with a delegated cgroup; elsewhere a
 * process with a session of its own, in a cgroup we make: without one, all containers would share the root's and each
 * other's units would be killed as their own.
 */
import { type Cmd, script, sh } from '../../src/ssh/quote.ts'
import type { State } from './state.ts'

/** Exit code of `systemd-nspawn --keep-unit` after a reboot inside: EXIT_FORCE_RESTART of systemd's exit-status.h. */
const REBOOTED = 133

/** Printed with the name of a limit this computer's kernel does not have. */
export const NO_LIMIT = 'machine: cannot limit'

/**
 * --register=no: machined is not needed, and not there without systemd. Capabilities and keyrings, bpf: what dockerd needs.
 * SIGRTMIN+4 is "power off" to systemd; systemd-nspawn sends it when it is told to end. --settings=no: no file of this
 * computer changes what a host is.
 */
const NSPAWN = [
  '--quiet',
  '--register=no',
  '--keep-unit',
  '--settings=no',
  '--capability=all',
  '--system-call-filter=@keyring bpf',
  '--kill-signal=SIGRTMIN+4',
  '--resolv-conf=off',
  '--timezone=off',
  '--link-journal=no',
  '--console=read-only',
  '--boot',
]

/**
 * Run as `launch unit|process DIR CGROUPS WORDS…`. The pid is written by the process itself before it becomes
 * systemd-nspawn, so there is no moment in which it runs unknown. Kept in a file of the host's folder: systemd would
 * expand the dollars of a command line.
 *
 * A reboot inside ends systemd-nspawn with REBOOTED: a unit is started again by systemd, without systemd by a loop here,
 * which sits in a cgroup beside the host's (version 2 wants no process above others).
 */
const LAUNCH = `how=$1 dir=$2 cgroups=$3; shift 3
boot() {
  read -r me _ < /proc/self/stat
  for c in $cgroups; do echo "$me" > "$c/cgroup.procs"; done
  start=$(sed 's/.*) //' "/proc/$me/stat" | cut -d' ' -f20)
  echo "$me $start $(cat /proc/sys/kernel/random/boot_id)" > "$dir/pid.new"; chmod 644 "$dir/pid.new"
  mv "$dir/pid.new" "$dir/pid"
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
  exec "$@" 9>&-
}
[ "$how" = process ] || boot "$@"
for c in $cgroups; do mkdir -p "$c/launcher"; echo $$ > "$c/launcher/cgroup.procs"; done
code=${REBOOTED}
while [ $code = ${REBOOTED} ]; do
  boot "$@" &
  exec 9>&-
  wait $!; code=$?
done`

/** Cgroups of a host without systemd as PID 1: v2 (alone or beside v1), v1's systemd tree, and limits where they exist. */
const CGROUPS = script(`limit() { # limit FILE VALUE NAME
  { [ -e "$1" ] && echo "$2" > "$1"; } 2>/dev/null || echo "${NO_LIMIT} $3"
}
# Whoever takes the last other host away removes the folder above at any moment.
make() { for i in 1 2 3 4 5; do mkdir -p "$1" 2>/dev/null && return; done; mkdir -p "$1"; }
make_cgroups() {
  base=/sys/fs/cgroup
  if [ -e $base/cgroup.controllers ]; then
    make "$base/machine/$id"
    for d in $base $base/machine; do for c in cpu memory pids io cpuset; do echo "+$c" > "$d/cgroup.subtree_control"; done; done 2>/dev/null
    [ "$memory" = 0 ] || limit "$base/machine/$id/memory.max" $((memory * 1048576)) memory
    [ "$cpus" = 0 ] || limit "$base/machine/$id/cpu.max" "$((cpus * 100000)) 100000" processors
    return
  fi
  for h in unified systemd $([ "$memory" = 0 ] || echo memory) $([ "$cpus" = 0 ] || echo cpu); do
    [ ! -e "$base/$h/cgroup.procs" ] || make "$base/$h/machine/$id"
  done
  [ "$memory" = 0 ] || limit "$base/memory/machine/$id/memory.limit_in_bytes" $((memory * 1048576)) memory
  [ "$cpus" = 0 ] || limit "$base/cpu/machine/$id/cpu.cfs_quota_us" $((cpus * 100000)) processors
}`)

/** As a unit of systemd, which keeps the limits and the cgroup itself. */
const AS_UNIT = `systemd-run --quiet --collect --unit="machine-$id" -p Delegate=yes -p KillMode=mixed -p TimeoutStopSec=35 \\
    -p RestartForceExitStatus=${REBOOTED} -p SuccessExitStatus=${REBOOTED} \\
    -p "StandardOutput=append:$dir/console.log" -p "StandardError=append:$dir/console.log" \\
    $([ "$memory" = 0 ] || echo "-p MemoryMax=\${memory}M") $([ "$cpus" = 0 ] || echo "-p CPUQuota=$((cpus * 100))%") \\
    sh "$dir/launch" unit "$dir" '' "$@"`

/** As a process of its own session; the folder's lock goes along (fd 9) until the pid is written, the leash does not. */
const AS_PROCESS = `make_cgroups
  setsid sh "$dir/launch" process "$dir" "$(cgroups)" "$@" </dev/null >>"$dir/console.log" 2>&1 &`

/** Up when systemd-nspawn has a child that is number 1 of a pid namespace. */
const WAIT = `for i in $(seq 400); do
  if alive; then
    for child in $(inits); do grep -qE '^NSpid:.*[[:space:]]1$' "/proc/$child/status" 2>/dev/null && exit 0; done
  elif [ -e "$dir/pid" ]; then break; fi
  sleep 0.05
done
echo "machine: $id did not boot: $(tail -n 5 "$dir/console.log" | tr -d '\\r' | tr '\\n' ';')" >&2
end_all; settle
exit 1`

/** Starts the host unless it runs, and waits until its init does; a failure carries what systemd-nspawn said. */
export function bootHost(state: State): Cmd {
  const nspawn = ['systemd-nspawn', ...NSPAWN, `--machine=${state.Id}`, `--network-bridge=${state.Bridge}`]
  return sh`memory=${state.MemoryMB} cpus=${state.Cpus} launch=${LAUNCH}
set -- ${nspawn} --directory="$root"
${CGROUPS}
${script(`lock || exit 1
alive && exit 0
[ -d "$root" ] || { echo "machine: $root was never completed" >&2; exit 1; }
end_all && settle || exit 1
[ ! -e "$dir/console.log" ] || mv -f "$dir/console.log" "$dir/console.log.1"
: > "$dir/console.log"
printf %s "$launch" > "$dir/launch"
if [ -d /run/systemd/system ]; then
  ${AS_UNIT} || exit 1
else
  ${AS_PROCESS}
fi
${WAIT}`)}`
}
