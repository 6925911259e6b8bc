/**
 * The one script that reads a host: POSIX sh, at home in busybox, changes nothing, needs root. It prints sections: a
 * line '@name', then the body with '|' before each line and one newline after it, so that no body can look like a
 * section and a missing final newline is kept. Slow tools (firewall-cmd, nft) run only where they can matter.
 */
import { all, type Cmd, script, sh } from '../src/ssh/quote.ts'
import { AGENT_FACTS } from './agent/facts-script.ts'
import { RUNTIME_SECTION } from './agent/runtime-facts.ts'

const PRELUDE = `
LC_ALL=C; export LC_ALL
has() { command -v "$1" >/dev/null 2>&1; }
put() { printf '@%s\\n' "$1"; sed 's/^/|/'; echo; }
word() { printf '@%s\\n|%s\\n' "$1" "$2"; }
file() { [ -f "$2" ] && put "$1" <"$2"; }
`

const SYSTEM = `
word uid "$(id -u)"
login=\${SUDO_USER:-$(id -un)}
word login "$login"
word groups "$(id -nG "$login" 2>/dev/null)"
grep -q '^docker:' /etc/group 2>/dev/null && word docker-group yes
word arch "$(uname -m)"
word hostname "$(uname -n)"
grep -qw -- "$(uname -n)" /etc/hosts 2>/dev/null && word in-hosts yes
put os-release </etc/os-release 2>/dev/null
if [ -d /run/systemd/system ]; then init=systemd
elif has openrc-run || [ -d /run/openrc ]; then init=openrc
elif [ -d /etc/init.d ]; then init=sysvinit
else init=unknown; fi
word init $init
for t in curl wget openssl ssh-keygen; do has $t && word tool $t; done
if has cloud-init && [ ! -e /run/cloud-init/result.json ] && [ ! -e /run/cloud-init/disabled ] &&
  [ ! -e /etc/cloud/cloud-init.disabled ] && [ -d /run/cloud-init ]; then word cloud-init running; fi
`

const ENGINE = `
conf=/etc/docker/daemon.json; opts=
dockerd=$(command -v dockerd) && { word dockerd "$dockerd"; word version "$(dockerd --version 2>&1 | head -n 1)"; }
case $init in
systemd)
  unit=$(systemctl cat docker.service 2>/dev/null)
  [ -n "$unit" ] && printf '%s\\n' "$unit" | put unit
  opts=$unit
  printf '%s\\n' "$unit" | sed -n 's/^EnvironmentFile=-*//p' | while read -r f; do [ -f "$f" ] && put "env-file $f" <"$f"; done
  systemctl show docker.service -p ActiveState,SubState,UnitFileState,NeedDaemonReload,MainPID 2>/dev/null | put service
  ;;
openrc)
  [ -f /etc/init.d/docker ] && word unit /etc/init.d/docker
  file 'env-file /etc/conf.d/docker' /etc/conf.d/docker
  [ -e /etc/runlevels/default/docker ] && word enabled yes
  ;;
*)
  [ -f /etc/init.d/docker ] && word unit /etc/init.d/docker
  file 'env-file /etc/default/docker' /etc/default/docker
  for f in /etc/rc[2345].d/S[0-9]*docker; do [ -e "$f" ] && { word enabled yes; break; }; done
  ;;
esac
c=$(printf '%s\\n' "$opts" | sed -n 's/^ExecStart=.*--config-file[= ]*\\([^ ]*\\).*/\\1/p' | tail -n 1)
[ -n "$c" ] && conf=$c
word config-path "$conf"
file config "$conf"
file managed /etc/docker/.machine.json
root=$(sed -n 's/.*"data-root"[ ]*:[ ]*"\\([^"]*\\)".*/\\1/p' "$conf" 2>/dev/null | head -n 1)
[ -n "$root" ] || root=$(printf '%s\\n' "$opts" | sed -n 's/^ExecStart=.*--data-root[= ]*\\([^ ]*\\).*/\\1/p' | tail -n 1)
root=\${root:-/var/lib/docker}
word data-root "$root"
awk -v d="$root" '$5 == d { f = 1 } END { exit !f }' /proc/self/mountinfo 2>/dev/null && word data-root-mounted yes
word containers "$(ls "$root/containers" 2>/dev/null | wc -l)"
word volumes "$(ls "$root/volumes" 2>/dev/null | grep -cv -e '^metadata.db$' -e '^backingFsBlockDev$')"
[ -s "$root/swarm/docker-state.json" ] && word swarm yes
d=$root; while [ ! -d "$d" ]; do d=\${d%/*}; d=\${d:-/}; done
word free-kb "$(df -Pk "$d" /etc 2>/dev/null | awk 'NR == 2 || (NR > 2 && $4 < m) { m = $4 } END { print m }')"
[ -e /run/machine-engine.stale ] && word stale yes
`

const CERTIFICATES = `
file ca /etc/docker/ca.pem
file server-cert /etc/docker/server.pem
k=/etc/docker/server-key.pem
if [ -s $k ]; then
  word key-mode "$(stat -c '%a %u' $k 2>/dev/null)"
  if has openssl; then openssl pkey -in $k -pubout </dev/null 2>/dev/null | put public-key
  elif has ssh-keygen; then ssh-keygen -e -m PKCS8 -P '' -f $k </dev/null 2>/dev/null | put public-key; fi
fi
`

const NETWORK = `
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { n = split($2, a, ":"); print a[n] }' | put listening
grep -q ' 00010000 .*/run/docker\\.sock$' /proc/net/unix 2>/dev/null && word socket yes
pid() { for p in $(cat /run/"$1".pid 2>/dev/null); do kill -0 "$p" 2>/dev/null && return 0; done; return 1; }
if has firewall-cmd && { systemctl is-active --quiet firewalld 2>/dev/null || pid firewalld; }; then
  word firewall firewalld
  i=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)
  z=$(firewall-cmd --get-zone-of-interface="\${i:-none}" 2>/dev/null) || z=$(firewall-cmd --get-default-zone 2>/dev/null)
  word zone "$z"
  firewall-cmd --zone="$z" --query-port="$PORT/tcp" >/dev/null 2>&1 && word open now
  firewall-cmd --permanent --zone="$z" --query-port="$PORT/tcp" >/dev/null 2>&1 && word open later
elif grep -qi '^ENABLED=yes' /etc/ufw/ufw.conf 2>/dev/null && has ufw; then
  word firewall ufw
  grep -q "^### tuple ### allow \\(tcp\\|any\\) $PORT 0.0.0.0/0 any 0.0.0.0/0 in" /etc/ufw/user.rules /lib/ufw/user.rules 2>/dev/null &&
    { word open now; word open later; }
else
  r=
  has nft && r=$(nft -n -t list ruleset 2>/dev/null || nft -n list ruleset 2>/dev/null)
  if [ -n "$r" ]; then word firewall nftables; printf '%s\\n' "$r" | head -c 300000 | put ruleset
  elif has iptables && r=$(iptables -S INPUT 2>/dev/null) && [ "$r" != '-P INPUT ACCEPT' ]; then
    word firewall iptables; printf '%s\\n' "$r" | put ruleset
  fi
  file firewall-unit /etc/systemd/system/machine-firewall.service
fi
echo @end
`

/**
 * The command that prints a host's facts; run it as root, give its stdout to `parseFacts`.
 * @param port the engine's TCP port, for the firewall's questions
 */
export function factsCommand(port: number): Cmd {
  return all(
    sh`PORT=${port}`,
    script([PRELUDE.trimStart(), SYSTEM, ENGINE, CERTIFICATES, RUNTIME_SECTION, AGENT_FACTS, NETWORK].join('')),
  )
}
