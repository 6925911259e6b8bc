/**
 * Installing packages on a host, whatever its tool: waits for whoever holds the package database, asks nothing, starts
 * over after the failures that pass. Shell functions that install.ts puts together; POSIX sh.
 */

/** What package tools say when somebody else is at work; apt, dpkg, yum, dnf, zypper, pacman, apk, old and new. */
const LOCKED = [
  'Could not get lock',
  'Unable to acquire the dpkg frontend lock',
  'dpkg.*lock.*(is|was) locked by another process',
  'Unable to lock (the administration|directory|database)',
  'is another process using it',
  'Another app is currently holding the yum lock',
  'Existing lock .*\\.pid',
  'Waiting for process with pid',
  'System management is locked',
  'unable to lock database',
  'temporarily unavailable',
].join('|')

const PASSING = 'Temporary failure|Hash Sum mismatch|Connection timed out|Could not connect|Connection reset'

/** Seconds to wait for locks and passing failures in all. */
const PATIENCE_S = 600

export const PACKAGE_FUNCTIONS = `
set -u; umask 022
DEBIAN_FRONTEND=noninteractive; NEEDRESTART_MODE=l; NEEDRESTART_SUSPEND=1; LC_ALL=C
export DEBIAN_FRONTEND NEEDRESTART_MODE NEEDRESTART_SUSPEND LC_ALL
has() { command -v "$1" >/dev/null 2>&1; }
W=$(mktemp -d) || { echo 'No space left on device' >&2; exit 1; }
trap 'rm -rf "$W"' EXIT
began=$(date +%s); left=4
patiently() {
  while :; do
    "$@" >$W/out 2>&1 && return 0
    cat $W/out >&2
    [ $(($(date +%s) - began)) -lt ${PATIENCE_S} ] || return 1
    if grep -qE '${LOCKED}' $W/out; then echo '#waiting for another package installation' ; sleep 3
    elif grep -q 'dpkg was interrupted' $W/out; then dpkg --configure -a >&2 || return 1
    elif grep -qE '${PASSING}' $W/out && [ $left -gt 1 ]; then left=$((left - 1)); sleep 2
    else return 1; fi
  done
}
fetch() { # URL FILE
  if has curl; then curl -fsSL --connect-timeout 6 -m "\${3:-60}" -o "$2" "$1"
  elif has wget; then wget -q -T 6 -O "$2" "$1"
  elif [ -x /usr/lib/apt/apt-helper ]; then /usr/lib/apt/apt-helper -o Acquire::Retries=0 -o Acquire::http::Timeout=6 -o Acquire::https::Timeout=6 download-file "$1" "$2" >/dev/null
  else echo 'neither curl nor wget on the host' >&2; return 1; fi
}
apt_get() { apt-get -y -q -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null; }
refresh() {
  case $TOOL in
  apt) patiently apt_get update ;;
  pacman) patiently pacman -Sy --noconfirm ;;
  apk) patiently apk update ;;
  *) : ;;
  esac
}
install() {
  case $TOOL in
  apt) patiently apt_get --no-install-recommends install "$@" ;;
  dnf) if has dnf; then patiently dnf -y -q install "$@"; else patiently yum -y -q install "$@"; fi ;;
  zypper) patiently zypper -n -q install --no-recommends "$@" ;;
  pacman) patiently pacman -S --noconfirm --needed "$@" ;;
  apk) patiently apk add "$@" ;;
  esac
}
start() {
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; systemctl enable --now docker.service
  elif has rc-service; then rc-update add docker default; rc-service docker start
  elif has service; then service docker start; fi >/dev/null 2>&1 </dev/null || :
}
`
