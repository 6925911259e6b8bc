# Shared by bin/quickstart and bin/test: installs what is missing, says so first, and builds. To be sourced by bash, from
# the top of the checkout. Nothing is done twice: a second run only looks.

say() { printf '==> %s\n' "$*"; }
fail() { printf '==> %s\n' "$*" >&2; exit 1; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# need COMMAND PACKAGE: notes the package unless the command is there.
missing_packages=()
need() {
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 || missing_packages+=("$2")
}

# Installs the packages noted by need. A broken third-party source must not stop us: what counts is the install.
install_missing() {
  [ "${#missing_packages[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null 2>&1 || fail "please install: ${missing_packages[*]} (this script knows apt only)"
  local packages
  packages=$(printf '%s\n' "${missing_packages[@]}" | sort -u | tr '\n' ' ')
  say "installing system packages with apt: $packages"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || say "apt-get update had errors; going on with what it has"
  # No service of ours or theirs is to start on this computer because a package was installed.
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
    fail "apt could not install: $packages"
  missing_packages=()
}

# The docker client: a package of its own on newer Debian, part of docker.io before.
need_docker_client() {
  command -v docker >/dev/null 2>&1 && return 0
  command -v apt-get >/dev/null 2>&1 || fail 'please install the docker client'
  as_root apt-get update -qq || true
  if [ -n "$(apt-cache madison docker-cli 2>/dev/null)" ]; then missing_packages+=(docker-cli); else missing_packages+=(docker.io); fi
}

# What the tests of the driver vagrant run: 46 packages with its Ruby, 70 MB. Not every release has it (its licence changed);
# where there is none those tests are skipped aloud.
need_vagrant() {
  command -v vagrant >/dev/null 2>&1 && return 0
  command -v apt-get >/dev/null 2>&1 || return 0
  [ -n "$(apt-cache madison vagrant 2>/dev/null)" ] || as_root apt-get update -qq || true
  if [ -n "$(apt-cache madison vagrant 2>/dev/null)" ]; then missing_packages+=(vagrant); else say 'no package vagrant here: its tests are skipped'; fi
}

# What moto, behind the stand-in EC2 cloud of the tests, is installed with (test/kit/ec2/venv.ts).
need_python_venv() {
  python3 -c 'import ensurepip, venv' 2>/dev/null || /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null ||
    missing_packages+=(python3-venv)
}

# npm packages (with the pinned Node among them) and the build, each only when its inputs changed.
build_machine() {
  # The pinned Node links against it.
  PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep -q libatomic.so.1 || { missing_packages+=(libatomic1); install_missing; }
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || { missing_packages+=(nodejs npm); install_missing; }
  local lock=node_modules/.machine-lock
  if ! cmp -s package-lock.json "$lock" || [ ! -x node_modules/node/bin/node ]; then
    say 'installing npm packages'
    # Not `npm ci`: it refuses a lock file without the packages of platforms the registry in use does not carry. And no
    # install scripts: none is needed but the one that fetches the pinned Node for this platform.
    npm install --no-save --ignore-scripts --no-audit --no-fund --no-progress --no-update-notifier --loglevel=error || fail 'npm install failed'
    (cd node_modules/node && NODE_NO_WARNINGS=1 node installArchSpecificPackage.js >/dev/null) || fail 'the pinned Node could not be installed'
    cp package-lock.json "$lock"
  fi
  PATH="$PWD/node_modules/node/bin:$PATH"
  export PATH
  node bin/build.mts || fail 'the build failed'
}

need_host_tools() {
  need systemd-nspawn systemd-container
  need mmdebstrap mmdebstrap
  need iptables iptables
  need ip iproute2
  need ssh-keygen openssh-client
  need busybox busybox-static
}
