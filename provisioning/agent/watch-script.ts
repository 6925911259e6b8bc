/**
 * The watch: root's eye for what the agent, which is unprivileged, cannot see. POSIX sh, at home in busybox; changes nothing
 * but its answer (`Drift`). Run every minute by a timer, or with the word `loop` where there is none.
 */
import { HOST } from '../../agent/protocol.ts'
import { PLAN_LINES } from './plan-files.ts'

/**
 * The answer's folder belongs to the agent: what root writes in there by name could be led elsewhere by a link. So it is
 * written in a folder of root's own and moved, which replaces a link and does not follow it.
 */
const OWN = '/run/machine-watch'

const LOOK = `
has() { command -v "$1" >/dev/null 2>&1; }
json() { printf '%s' "$1" | sed 's/[\\\\"]/\\\\&/g'; }

active() {
  if [ -d /run/systemd/system ]; then systemctl is-active --quiet "$1"; return; fi
  name=\${1%.service}; name=\${name%.socket}
  if has rc-service; then rc-service "$name" status >/dev/null 2>&1; return; fi
  for p in $(cat "/run/$name.pid" 2>/dev/null); do kill -0 "$p" 2>/dev/null && return 0; done
  [ -x "/etc/init.d/$name" ] && "/etc/init.d/$name" status >/dev/null 2>&1
}

# A unit that is just being restarted is given a moment, once for all of them.
still() { [ -n "$waited" ] || sleep 2; waited=yes; active "$1"; }

listening() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v port="$(printf '%04X' "$1")" '$4 == "0A" { n = split($2, a, ":"); if (a[n] == port) found = 1 } END { exit !found }'
}

# 0: the firewall lets the port in; 1: it does not; 2: that cannot be told
port_open() {
  if has firewall-cmd && firewall-cmd --state >/dev/null 2>&1; then
    i=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)
    z=$(firewall-cmd --get-zone-of-interface="\${i:-none}" 2>/dev/null) || z=$(firewall-cmd --get-default-zone 2>/dev/null)
    firewall-cmd --zone="$z" --query-port="$1/tcp" >/dev/null 2>&1; return
  fi
  if grep -qi '^ENABLED=yes' /etc/ufw/ufw.conf 2>/dev/null && has ufw; then
    grep -q "^### tuple ### allow \\(tcp\\|any\\) $1 0.0.0.0/0 any 0.0.0.0/0 in" /etc/ufw/user.rules /lib/ufw/user.rules 2>/dev/null; return
  fi
  if has nft && rules=$(nft -n list ruleset 2>/dev/null); then
    printf '%s\\n' "$rules" | awk -v port="$1" "$NFT"; return
  fi
  if has iptables && rules=$(iptables -S INPUT 2>/dev/null); then
    printf '%s\\n' "$rules" | awk -v port="$1" "$IPTABLES"; return
  fi
  return 2
}
`

/** Every chain hooked into input that closes needs a rule that accepts the port: as provisioning/firewall.ts reads it. */
const NFT = `
  function judge() { if (input && closes && !takes) shut = 1; input = closes = takes = 0 }
  function within(part,   ends, n) { n = split(part, ends, "-"); return ends[1] + 0 <= port + 0 && port + 0 <= ends[n] + 0 }
  /^\\tchain / { judge() }
  /type filter hook input/ { input = 1; if (/policy drop/) closes = 1 }
  /^\\t\\t(counter (packets [0-9]+ bytes [0-9]+ )?)?(drop|reject)/ { closes = 1 }
  /^\\t\\t(meta l4proto tcp )?tcp dport / && / accept/ {
    list = $0; sub(/.*tcp dport /, "", list)
    if (list ~ /^\\{/) sub(/\\}.*/, "", list); else sub(/ .*/, "", list)
    gsub(/[{} ]/, "", list); m = split(list, parts, ",")
    for (k = 1; k <= m; k++) if (within(parts[k])) takes = 1
  }
  END { judge(); exit shut }
`

const IPTABLES = `
  /^-P INPUT (DROP|REJECT)/ || /^-A INPUT -j (DROP|REJECT)/ { closes = 1 }
  /^-A INPUT -p tcp .*-j ACCEPT$/ && !/ -[is] / && match($0, /dports? [0-9:,]+/) {
    m = split(substr($0, RSTART, RLENGTH), words, " "); m = split(words[2], parts, ",")
    for (k = 1; k <= m; k++) { n = split(parts[k], ends, ":"); if (ends[1] + 0 <= port + 0 && port + 0 <= ends[n] + 0) takes = 1 }
  }
  END { exit closes && !takes }
`

const MAIN = `
look() {
  mkdir -p "$OWN" && chmod 755 "$OWN" || return
  [ -r "$PLAN" ] && [ -d "\${OUT%/*}" ] || return 0
  files= units= port= waited=
  while read -r kind a b; do
    case $kind in
    file)
      change=
      if [ ! -f "$b" ]; then change=missing
      elif [ "$(sha256sum <"$b" | cut -c 1-64)" != "$a" ]; then change=changed; fi
      [ -z "$change" ] || files="$files\${files:+,}\\"$(json "$b")\\":\\"$change\\""
      ;;
    unit) active "$a" || still "$a" || units="$units\${units:+,}\\"$(json "$a")\\"" ;;
    port) port=$a ;;
    esac
  done <"$PLAN"
  more=
  if [ -n "$port" ]; then
    if listening "$port"; then more=',"listening":true'; else more=',"listening":false'; fi
    port_open "$port"
    case $? in 0) more="$more,\\"portOpen\\":true" ;; 1) more="$more,\\"portOpen\\":false" ;; esac
  fi
  printf '{"checked":"%s","files":{%s},"units":[%s]%s}\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$files" "$units" "$more" >"$OWN/.drift" || return
  chmod 644 "$OWN/.drift"
  mv -fT "$OWN/.drift" "$OUT" 2>/dev/null && return
  # an old busybox has no -T
  [ -L "$OUT" ] || [ -d "$OUT" ] || mv -f "$OWN/.drift" "$OUT"
}
if [ "\${1-}" = loop ]; then while :; do look; sleep 60; done; else look; fi
`

/** `paths` are for tests. */
export function watchScript(paths: { plan: string; out: string; own: string }): string {
  return `#!/bin/sh
# Written by machine. Looks whether what provisioning set up still stands, for the agent's health.
LC_ALL=C; export LC_ALL; umask 022
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
PLAN=${paths.plan} OUT=${paths.out} OWN=${paths.own}
NFT='${NFT}'
IPTABLES='${IPTABLES}'
${LOOK}${MAIN}`
}

export const WATCH_SCRIPT = watchScript({ plan: PLAN_LINES, out: HOST.drift, own: OWN })
