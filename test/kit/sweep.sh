#!/usr/bin/env bash
# Removes what a test run that was killed left behind: hosts in the tests' own state folders, and bridges and rules of
# 198.19.0.0/16, which tests alone use. Run by test/run.ts before e2e; does nothing while another run is alive.
set -u
runner=/run/machine-test.pid
if [ -e "$runner" ] && [ "$(cat "$runner")" != "$PPID" ] && grep -qs 'test/run.ts' "/proc/$(cat "$runner")/cmdline"; then
  echo "another test run is alive (process $(cat "$runner")): its hosts are left alone"
  exit 0
fi
echo "$PPID" >"$runner"
for pid in $(pgrep -x systemd-nspawn); do
  tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qE '^--directory=(/var/lib/machine-test/|.*/machine-host-)' || continue
  echo "ending a host of an earlier test run (process $pid)"
  kill -9 "$pid"
done
for bridge in $(ip -o link show type bridge 2>/dev/null | grep -oE 'mn-c613[0-9a-f]{4}-[0-9]+' | sort -u); do
  ip link del "$bridge"
  for table in nat filter; do
    iptables -t "$table" -S | grep "\"machine $bridge\"" | sed 's/^-A/-D/' | while read -r rule; do
      eval "iptables -t $table $rule"
    done
  done
done
rm -rf /var/lib/machine-test /var/tmp/machine-host-* /var/lib/machine/subnets/*198.19.* /var/lib/machine/subnets/*c613*
