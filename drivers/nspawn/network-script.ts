/**
 * The network of a subnet: a bridge, forwarding, NAT. All of it can be made again at any time (a reboot of this computer
 * takes it away) and goes with the subnet's last host.
 *
 * Who has which address is written down in one place for the whole computer, whatever the store and the state folder:
 * REGISTRY/<bridge>/<address> holds the path of the host's folder. An entry whose folder is gone counts for nothing.
 */
import { type Cmd, script, sh } from '../../src/ssh/quote.ts'
import type { Subnet } from './subnet.ts'

/** Fixed, unlike --nspawn-state-dir: two state folders must not give out the same address. */
const REGISTRY = '/var/lib/machine/subnets'

/** Everything below holds this lock, so that ten creates at once take turns. fd 8; children that stay must close it. */
const LOCK = sh`reg=${REGISTRY}
mkdir -p "$reg"; chmod 755 "$reg"; exec 8>>"$reg/lock"; flock 8`

/** The bridge's hardware address is fixed: left alone it would change with the hosts on it, and theirs would not know. */
const variables = (net: Subnet) =>
  sh`bridge=${net.bridge} subnet=${net.cidr} gateway=${net.gateway} prefix=${net.prefix} mac=${macOf(net)}`

const macOf = (net: Subnet) => `02:6d:${(net.base.toString(16).padStart(8, '0').match(/../g) ?? []).join(':')}`

/** Rules carry our name, so that whoever lists them knows whose they are. */
const RULES = script(`rules() { # rules -C|-A|-D: those of this bridge
  iptables -w 10 -t nat $1 POSTROUTING -s "$subnet" ! -d "$subnet" -m comment --comment "machine $bridge" -j MASQUERADE &&
  iptables -w 10 $1 FORWARD -i "$bridge" -m comment --comment "machine $bridge" -j ACCEPT &&
  iptables -w 10 $1 FORWARD -o "$bridge" -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment "machine $bridge" -j ACCEPT &&
  iptables -w 10 $1 FORWARD -i "$bridge" -o "$bridge" -m comment --comment "machine $bridge" -j ACCEPT
}
unrule() { # all of them, also if there are two of one, or half
  iptables-save -t nat | sed -n "/\\"machine $bridge\\"/s/^-A /-D /p" | while read -r r; do eval "iptables -w 10 -t nat $r"; done
  iptables-save -t filter | sed -n "/\\"machine $bridge\\"/s/^-A /-D /p" | while read -r r; do eval "iptables -w 10 $r"; done
}`)

/** Printed when forwarding had to be switched on. */
export const FORWARDING = 'machine: forwarding switched on'

/** Makes bridge, forwarding and NAT of the subnet as they must be; what is there stays. */
export function networkUp(net: Subnet): Cmd {
  return sh`${variables(net)}
${LOCK}
${RULES}
${script(`set -e
[ -e "/sys/class/net/$bridge" ] || ip link add "$bridge" address "$mac" type bridge forward_delay 0
ip -4 -o addr show dev "$bridge" | grep -qF " $gateway/$prefix " || ip addr add "$gateway/$prefix" brd + dev "$bridge"
ip link set "$bridge" up
if [ "$(cat /proc/sys/net/ipv4/ip_forward)" != 1 ]; then echo 1 > /proc/sys/net/ipv4/ip_forward; echo "${FORWARDING}"; fi
rules -C >/dev/null 2>&1 || { unrule; rules -I; }`)}`
}

/**
 * Makes the host's folder and reserves an address for it: the first free one, printed. Addresses inside a smaller subnet
 * of ours are left to that one. Fails if the folder is there, so two machines can never share one.
 */
export function claimAddress(net: Subnet, dir: string): Cmd {
  return sh`${variables(net)}
first=${net.first} last=${net.last} dir=${dir}
${LOCK}
${script(`set -e
mkdir -p "\${dir%/*}"; chmod 755 "\${dir%/*}"
mkdir "$dir" || { echo "machine: $dir exists already" >&2; exit 1; }
mkdir -p "$reg/$bridge"
taken() { # by a host that exists, or inside a smaller subnet of ours
  for entry in "$reg"/*/"$2"; do
    [ -f "$entry" ] && [ -d "$(cat "$entry")" ] && return 0
  done
  for other in "$reg"/mn-*; do
    len=\${other##*-} hex=\${other%-*} hex=\${hex##*-}
    [ "$len" -gt "$prefix" ] || continue
    size=$((1 << (32 - len)))
    [ $(($1 / size)) -eq $((0x$hex / size)) ] && return 0
  done
  return 1
}
n=$first
while [ "$n" -le "$last" ]; do
  address=$((n >> 24)).$((n >> 16 & 255)).$((n >> 8 & 255)).$((n & 255))
  if ! taken "$n" "$address"; then
    echo "$dir" > "$reg/$bridge/$address"
    echo "$address"
    exit 0
  fi
  n=$((n + 1))
done
rmdir "$dir"
echo "machine: no free address in $subnet" >&2
exit 1`)}`
}

/** Gives back the addresses of a folder that is gone, and takes the network away if it was the subnet's last host. */
export function releaseAddress(net: Subnet, dir: string): Cmd {
  return sh`${variables(net)}
dir=${dir}
${LOCK}
${RULES}
${script(`for entry in "$reg"/*/*; do
  [ -f "$entry" ] || continue
  owner=$(cat "$entry")
  if [ "$owner" = "$dir" ] || [ ! -d "$owner" ]; then rm -f "$entry"; fi
done
rmdir "$reg/$bridge" 2>/dev/null
if [ ! -e "$reg/$bridge" ]; then
  unrule
  if [ -e "/sys/class/net/$bridge" ]; then ip link del "$bridge"; fi
fi
rmdir "\${dir%/*}" 2>/dev/null; :`)}`
}
