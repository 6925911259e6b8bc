#!/usr/bin/env bash
# Removes what a test run that was killed left behind: hosts in the tests' own state folders, and bridges and rules of the
# tests' own subnets, those of this run's slot (test/kit/places.ts). Run by test/run.ts before e2e; does nothing while
# another run of the slot is alive.
set -u
slot=${MACHINE_TEST_SLOT:-0}
lanes=$(seq $((slot * 4)) $((slot * 4 + 3)))
runner=/run/machine-test-$slot.pid
if [ -e "$runner" ] && [ "$(cat "$runner")" != "$PPID" ] && grep -qs 'test/run.ts' "/proc/$(cat "$runner")/cmdline"; then
  echo "another test run is alive (process $(cat "$runner")): its hosts are left alone"
  exit 0
fi
echo "$PPID" >"$runner"
for pid in $(pgrep -x systemd-nspawn); do
  tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qE "^--directory=/var/lib/machine-test/($(echo $lanes | tr " " "|"))/" || continue
  echo "ending a host of an earlier test run (process $pid)"
  ids="${ids-} $(tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n 's/^--machine=//p')"
  # Its init first: that takes all of the container along. Killed alone, systemd-nspawn leaves it running.
  # shellcheck disable=SC2046
  kill -9 $(cat "/proc/$pid/task/$pid/children") "$pid" 2>/dev/null
done
[ -z "${ids-}" ] || sleep 0.5 # a container's processes end a moment after its init
for id in ${ids-}; do
  for group in /sys/fs/cgroup/machine/"$id" /sys/fs/cgroup/*/machine/"$id"; do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
    rmdir "${group%/*}" 2>/dev/null
  done
  for mark in /run/systemd/nspawn/unix-export/"$id" /run/systemd/nspawn/propagate/"$id"; do
    [ ! -e "$mark" ] || { umount -l "$mark" 2>/dev/null; rm -rf --one-file-system "$mark"; }
  done
done
# Engines of tests, their containerd, and what their containers run.
for pid in $(pgrep dockerd; pgrep containerd); do
  tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qE "/var/lib/machine-test/($(echo $lanes | tr " " "|"))/engine-" || continue
  echo "ending an engine of an earlier test run (process $pid)"
  # shellcheck disable=SC2046
  case $(cat "/proc/$pid/comm") in containerd-shim*) kill -9 $(cat "/proc/$pid/task/$pid/children") "$pid" 2>/dev/null ;; *) kill -9 "$pid" 2>/dev/null ;; esac
done
for third in $(seq $((slot * 84)) $((slot * 84 + 83))); do
  [ ! -e "/sys/class/net/mv-$third" ] || { echo "taking away the bridge mv-$third of an earlier test run"; ip link del "mv-$third"; }
done
for third in $(seq $((slot * 84)) $((slot * 84 + 83))); do
  bridge=$(printf 'mn-c613%02x00-24' "$third")
  registry=/var/lib/machine/subnets/$bridge
  [ -e "/sys/class/net/$bridge" ] || [ -e "$registry" ] || continue
  echo "taking away the network $bridge of an earlier test run"
  [ ! -e "/sys/class/net/$bridge" ] || ip link del "$bridge"
  for table in nat filter; do
    iptables -t "$table" -S | grep "\"machine $bridge\"" | sed 's/^-A/-D/' | while read -r rule; do
      eval "iptables -t $table $rule"
    done
  done
  rm -rf "$registry"
done
for lane in $lanes; do
  lane=/var/lib/machine-test/$lane
  awk -v lane="$lane/" 'index($5, lane) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do
    echo "unmounting $mount of an earlier test run"
    umount -l "$mount"
  done
  rm -rf --one-file-system "$lane"
done
