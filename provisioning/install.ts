/**
 * Commands that put an engine onto a host: a script of the user's (Docker Machine's way), Docker's own repository with
 * its key pinned, or the distribution's packages. Built here, run by steps/engine-installed.ts.
 */
import { all, type Cmd, script, sh } from '../src/ssh/quote.ts'
import type { Distro } from './distros.ts'
import { DOCKER_KEYS } from './mirrors.ts'
import type { OsRelease } from './os-release.ts'
import { PACKAGE_FUNCTIONS } from './package-script.ts'

const FUNCTIONS = script(PACKAGE_FUNCTIONS.trim())
const KEY_FILE = { apt: '/etc/apt/keyrings/docker.asc', rpm: '/etc/pki/rpm-gpg/RPM-GPG-KEY-docker' } as const

/** Docker's repository as a host would use it. */
export interface Repository {
  readonly kind: 'apt' | 'rpm'
  readonly keyUrl: string
  /** Fingerprint the key at keyUrl must have. */
  readonly fingerprint: string
  /** What is there only if the repository serves this release. */
  readonly probeUrl: string
  /** The package tool's own line or file. */
  readonly entry: string
  readonly path: string
}

/** The repository for a distribution's release, undefined if Docker builds no packages for it. */
export function repositoryOf(distro: Distro, os: OsRelease, arch: string, base: string): Repository | undefined {
  if (!distro.repository) return undefined
  const { folder, release } = distro.repository
  const name = release(os)
  if (!name) return undefined
  const root = `${base}/linux/${folder}`
  if (distro.tool === 'apt') {
    const debArch = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'armhf', armv6l: 'armhf' }[arch] ?? arch
    const entry = `deb [arch=${debArch} signed-by=${KEY_FILE.apt}] ${root} ${name} stable\n`
    const [keyUrl, probeUrl] = [`${root}/gpg`, `${root}/dists/${name}/Release`]
    return {
      kind: 'apt',
      keyUrl,
      probeUrl,
      fingerprint: DOCKER_KEYS.apt,
      entry,
      path: '/etc/apt/sources.list.d/docker.list',
    }
  }
  const baseUrl = `${root}/${name}/${arch}/stable`
  const entry = `[docker-ce-stable]\nname=Docker CE Stable\nbaseurl=${baseUrl}\nenabled=1\ngpgcheck=1\ngpgkey=file://${KEY_FILE.rpm}\n`
  const [keyUrl, probeUrl] = [`${root}/gpg`, `${baseUrl}/repodata/repomd.xml`]
  return { kind: 'rpm', keyUrl, probeUrl, fingerprint: DOCKER_KEYS.rpm, entry, path: '/etc/yum.repos.d/docker-ce.repo' }
}

/** Prints the repository's key if both it and the release are within the host's reach; exit code 7 if not. */
export function probeCommand(repository: Repository): Cmd {
  const probe = sh`{ fetch ${repository.keyUrl} $W/key 20 && fetch ${repository.probeUrl} $W/probe 20; } 2>$W/why || { head -n 3 $W/why >&2; exit 7; }`
  return all(FUNCTIONS, probe, sh`cat $W/key`)
}

/**
 * Installs from Docker's repository. stdin: the key, already checked. Exit code 8: no package of that version.
 * @param version exact or the beginning of one; '' takes the newest
 */
export function repositoryCommand(distro: Distro, repository: Repository, version: string): Cmd {
  const key = KEY_FILE[repository.kind]
  const set = sh`TOOL=${distro.tool} KEY=${key} LIST=${repository.path} ENTRY=${repository.entry} V=${version}`
  return all(set, FUNCTIONS, script((repository.kind === 'apt' ? FROM_APT : FROM_RPM).trim()))
}

/** Makes the repository known to the package tool. stdin: the key, already checked. */
export function addRepositoryCommand({ tool }: Distro, { kind, path, entry }: Repository): Cmd {
  return all(sh`TOOL=${tool} KEY=${KEY_FILE[kind]} LIST=${path} ENTRY=${entry}`, FUNCTIONS, script(ADD.trim()))
}

const ADD = `
mkdir -p "\${KEY%/*}" && cat >"$KEY.new" && chmod 644 "$KEY.new" && mv -f "$KEY.new" "$KEY" || exit 1
printf %s "$ENTRY" >"$LIST" || exit 1
`
// 29.1 must not match 29.10: what follows the version is no digit.
const PICK = `grep -E "^([0-9]+:)?$(printf %s "$V" | sed 's/[.+]/\\\\&/g')([^0-9]|$)" | head -n 1`

const FROM_APT = `${ADD}
refresh || exit 1
if [ -n "$V" ]; then
  v=$(apt-cache madison docker-ce | awk '{ print $3 }' | ${PICK}); [ -n "$v" ] || exit 8
  set -- "docker-ce=$v" "docker-ce-cli=$v"
else set -- docker-ce docker-ce-cli; fi
install ca-certificates "$@" containerd.io docker-buildx-plugin docker-compose-plugin || exit 1
start
`

const FROM_RPM = `${ADD}
rpm --import "$KEY" || exit 1
dnf=dnf; has dnf || dnf=yum
if [ -n "$V" ]; then
  v=$($dnf -q list --showduplicates docker-ce 2>/dev/null | awk '$1 ~ /^docker-ce\\./ { print $2 }' | sort -rV | ${PICK}); [ -n "$v" ] || exit 8
  v=\${v#*:}; set -- "docker-ce-$v" "docker-ce-cli-$v"
else set -- docker-ce docker-ce-cli; fi
install "$@" containerd.io docker-buildx-plugin docker-compose-plugin || exit 1
start
`

/** Installs the distribution's own packages; the Docker CLI comes along where it is a package of its own. */
export function distributionCommand(distro: Distro): Cmd {
  const body = `
refresh || exit 1
install "$@" || exit 1
if [ $TOOL = apt ] && apt-cache show docker-cli >/dev/null 2>&1; then install docker-cli || :; fi
start
`
  const packages = [...(distro.packages ?? []), ...(distro.tool === 'apt' ? ['ca-certificates'] : [])]
  return all(sh`TOOL=${distro.tool}; set -- ${packages}`, FUNCTIONS, script(body.trim()))
}

/**
 * Fetches the user's script whole, then runs it: a connection cut short must not run half of it.
 * @param words options behind the script's name (a mirror, as get.docker.com takes it)
 */
export function scriptCommand(url: string, version: string, words: readonly string[], tool: string): Cmd {
  const env = version === '' ? sh`` : sh`VERSION=${version}; export VERSION;`
  const body = sh`fetch ${url} $W/install.sh 120 || { [ $TOOL = apt ] && refresh && install curl ca-certificates && fetch ${url} $W/install.sh 120; } || exit 9
    patiently sh $W/install.sh ${words} || exit 1
    start`
  return all(sh`TOOL=${tool}; ${env} true`, FUNCTIONS, body)
}
