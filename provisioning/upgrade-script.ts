/** Commands that find the package an engine came in and bring it to a newer version; POSIX sh, run as root. */
import { all, type Cmd, script, sh } from '../src/ssh/quote.ts'
import type { PackageTool } from './distros.ts'
import { PACKAGE_FUNCTIONS } from './package-script.ts'

const FUNCTIONS = script(PACKAGE_FUNCTIONS.trim())

/** Exit code when the package's source has no version of those asked for. */
export const NO_SUCH_VERSION = 8

const OWNER = `
d=$(readlink -f "$(command -v dockerd)")
case $TOOL in
apt)
  p=$(dpkg -S "$d" 2>/dev/null || dpkg -S "\${d#/usr}" 2>/dev/null); p=\${p%%:*}
  v=$(dpkg-query -W -f '\${Version}' "$p" 2>/dev/null) ;;
dnf|zypper)
  p=$(rpm -qf --qf '%{NAME}\\n' "$d" 2>/dev/null) || p=; p=$(printf '%s\\n' "$p" | head -n 1)
  v=$(rpm -q --qf '%{VERSION}-%{RELEASE}' "$p" 2>/dev/null) ;;
pacman) p=$(pacman -Qqo "$d" 2>/dev/null); v=$(pacman -Q "$p" 2>/dev/null | awk '{ print $2 }') ;;
apk)
  v=$(apk info --who-owns "$d" 2>/dev/null | sed -n 's/.* is owned by //p')
  p=$(printf %s "$v" | sed 's/-[0-9][^-]*-r[0-9]*$//'); v=\${v#"$p"-} ;;
esac
printf '%s %s\\n' "$p" "$v"
`

/** Prints 'PACKAGE VERSION' of the package that brought dockerd; a lone space if none did. */
export function ownerCommand(tool: PackageTool): Cmd {
  return all(sh`TOOL=${tool}`, script(OWNER.trim()))
}

/**
 * Prints the version there is to go to, '' where the tool cannot tell beforehand. What is looked for may be the beginning
 * of a version; the repositories are refreshed first.
 */
const CANDIDATE = `
refresh || exit 1
pick() { grep -E "^([0-9]+:)?$(printf %s "$V" | sed 's/[.+]/\\\\&/g')([^0-9]|$)" | head -n 1; }
dnf=dnf; has dnf || dnf=yum
versions() {
  case $TOOL in
  apt) apt-cache madison "$P" | awk '{ print $3 }' ;;
  dnf) $dnf -q list --showduplicates "$P" 2>/dev/null | awk -v p="$P." 'index($1, p) == 1 { print $2 }' | sort -rV ;;
  zypper) zypper -q info "$P" | sed -n 's/^Version *: //p' ;;
  pacman) pacman -Si "$P" | sed -n 's/^Version *: //p' ;;
  apk) apk policy "$P" | sed -n 's/^  *\\([^ :]*\\):$/\\1/p' | sort -rV ;;
  esac
}
if [ -n "$V" ]; then c=$(versions | pick); [ -n "$c" ] || exit ${NO_SUCH_VERSION}
elif [ $TOOL = apt ]; then c=$(apt-cache policy "$P" | sed -n 's/^ *Candidate: //p')
else c=$(versions | head -n 1); fi
printf '%s\\n' "$c"
`

export function candidateCommand(tool: PackageTool, name: string, version: string): Cmd {
  return all(sh`TOOL=${tool} P=${name} V=${version}`, FUNCTIONS, script(CANDIDATE.trim()))
}

/** Where a package was replaced and nobody restarted the engine, it still runs from the file that is gone. */
const MARK_STALE = `
for e in /proc/[0-9]*/exe; do
  case $(readlink "$e" 2>/dev/null) in */dockerd' (deleted)') : >/run/machine-engine.stale ;; esac
done
`

const UPGRADE = `
case $TOOL in
apt)
  # In one go: apt, asked for the client alone, takes the engine to its newest version.
  set -- "$P=$C"
  [ "$(dpkg-query -W -f '\${db:Status-Status}' docker-cli 2>/dev/null)" != installed ] || set -- "$@" docker-cli
  install "$@" || exit 1 ;;
dnf) install "$P-\${C#*:}" || exit 1 ;;
apk) patiently apk add -u "$P" || exit 1 ;;
*) install "$P" || exit 1 ;;
esac
${MARK_STALE}
start
`

/** Brings the package to `candidate`, a version `candidateCommand` printed. */
export function upgradeCommand(tool: PackageTool, name: string, candidate: string): Cmd {
  return all(sh`TOOL=${tool} P=${name} C=${candidate}`, FUNCTIONS, script(UPGRADE.trim()))
}

/** For packages that another command has replaced. */
export const MARK_STALE_COMMAND: Cmd = script(MARK_STALE.trim())
