/**
 * What every script about one host needs: its places, its lock, and what tells its processes from all others.
 *
 * The systemd-nspawn process is known by pid, start time and boot id, written down before anything of the host runs, so
 * a pid used again or a reboot is never mistaken for it. All its processes sit in cgroups of its own: what is in there
 * is ours to end, also when systemd-nspawn itself was killed and left the container running.
 */
import { type Cmd, script, sh } from '../../src/ssh/quote.ts'
import { placesOf, type State } from './state.ts'

const FUNCTIONS = script(`lock() { # one script at a time works on a host; the kernel frees it, however that one ends
  exec 9<"$dir" && flock -w 120 9
}
start_of() { # start time of a process that is no zombie
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | { read -r state rest; case "$state" in ''|Z|X) exit 1;; esac; set -- $rest; echo "\${19}"; }
}
alive() { # sets pid
  [ -s "$dir/pid" ] && read -r pid start boot < "$dir/pid" || return 1
  [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && [ "$(start_of "$pid")" = "$start" ]
}
inits() { cat "/proc/$pid/task/$pid/children" 2>/dev/null; }
cgroups() { # folders of this host's cgroups, in every hierarchy
  for c in /sys/fs/cgroup/machine/$id /sys/fs/cgroup/*/machine/$id; do [ -d "$c" ] && echo "$c"; done
}
members() { for c in $(cgroups); do find "$c" -name cgroup.procs -exec cat {} + 2>/dev/null; done | sort -un | grep -vx 0; }
end_all() { # pulls the plug: the container's init first, which takes all its processes along
  if [ -d /run/systemd/system ]; then systemctl kill -s KILL "machine-$id" 2>/dev/null; systemctl stop "machine-$id" 2>/dev/null; fi
  alive && kill -KILL $(inits) 2>/dev/null
  for i in 1 2 3 4 5 6 7 8 9 10; do alive || break; sleep 0.1; done
  alive && kill -KILL "$pid"
  for i in $(seq 100); do
    left=$(members); [ -z "$left" ] && ! alive && return 0
    [ -n "$left" ] && kill -KILL $left 2>/dev/null
    sleep 0.1
  done
  echo "machine: processes of $id do not end: $left" >&2; return 1
}
settle() { # what a host that does not run leaves behind
  if [ -d /run/systemd/system ]; then systemctl reset-failed "machine-$id.service" 2>/dev/null; fi
  for c in $(cgroups); do find "$c" -depth -type d -exec rmdir {} + 2>/dev/null; rmdir "\${c%/*}" 2>/dev/null; done
  for m in /run/systemd/nspawn/unix-export/$id /run/systemd/nspawn/propagate/$id; do
    [ -e "$m" ] || continue
    umount -l "$m" 2>/dev/null; rm -rf --one-file-system "$m"
  done
  ip link del "vb-$id" 2>/dev/null # its whole name is an alternative one where it is too long
  rm -f "$dir/pid"
}
`)

/** Prefixes a script about the host with its variables (id, dir, disk, root, half) and the functions above. */
export function hostScript(state: State, ...commands: readonly Cmd[]): Cmd {
  const { dir, disk, root, half } = placesOf(state)
  const start = sh`id=${state.Id} dir=${dir} disk=${disk} root=${root} half=${half}
${FUNCTIONS}`
  return commands.reduce(
    (whole, command) => sh`${whole}
${command}`,
    start,
  )
}
