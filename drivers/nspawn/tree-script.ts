/** A host's tree: copied from the cached one, then given a name, keys and an address. Complete when it is called `root`. */
import { type Cmd, script, sh } from '../../src/ssh/quote.ts'

/** Copies `from`; a copy that was begun before is thrown away. On btrfs and xfs blocks are shared until written. */
export function copyTree(from: string): Cmd {
  return sh`from=${from}
${script(`set -e
lock
mkdir -p -m 700 "$disk"
rm -rf --one-file-system "$half"
cp -a --reflink=auto "$from" "$half"`)}`
}

export interface Identity {
  /** The machine's name, the host's host name. */
  readonly name: string
  readonly address: string
  readonly prefix: number
  readonly gateway: string
  /** Public key line root lets in. */
  readonly publicKey: string
  /** Text of /etc/resolv.conf; '' leaves the tree's own. */
  readonly resolvConf: string
}

/** Units that only cost time or make noise in a host: they wait for networks, drive consoles, or update by themselves. */
const MASKED = [
  'systemd-networkd-wait-online.service',
  'systemd-firstboot.service',
  'systemd-timesyncd.service',
  'systemd-pstore.service',
  'getty.target',
  'console-getty.service',
  'sshd-keygen.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'fstrim.timer',
  'e2scrub_all.timer',
]

/**
 * Programs that look at each boot, and at each reload of systemd's units, for what a container has not: a boot loader, encrypted
 * and unlabelled disks, a TPM, a kernel command line, consoles, VSOCK. Half of a reload's time goes to them.
 */
const GENERATORS = [
  'bless-boot',
  'cryptsetup',
  'debug',
  'getty',
  'gpt-auto',
  'hibernate-resume',
  'integritysetup',
  'run',
  'ssh',
  'system-update',
  'tpm2',
  'veritysetup',
]

const NETWORKD = `[Match]
Name=host0
[Network]
Address=%s/%s
Gateway=%s
LinkLocalAddressing=no
IPv6AcceptRA=no
`

const IFUPDOWN = `auto lo
iface lo inet loopback
auto host0
iface host0 inet static
  address %s/%s
  gateway %s
`

/**
 * How long a host's shutdown waits for what does not end by itself: as long as `docker stop` does. Under live-restore the
 * engine leaves its containers to systemd, and most shells and sleeps as their first process do not know SIGTERM.
 */
const MANAGER = `[Manager]
DefaultTimeoutStopSec=10s
`

/** Writes what makes the copied tree this host, then gives it its final name. */
export function personalise(who: Identity): Cmd {
  return sh`name=${who.name} address=${who.address} prefix=${who.prefix} gateway=${who.gateway}
key=${who.publicKey} resolv=${who.resolvConf} networkd=${NETWORKD} ifupdown=${IFUPDOWN} masked=${MASKED.join(' ')} generators=${GENERATORS.join(' ')} manager=${MANAGER}
${script(`set -e
lock
cd "$half"
put() { mkdir -p "\${1%/*}"; rm -f "$1"; cat > "$1"; } # replaces links too: they would lead out of the tree
echo "$name" | put etc/hostname
printf '127.0.0.1 localhost\\n127.0.1.1 %s\\n::1 localhost ip6-localhost\\n' "$name" | put etc/hosts
tr -d - < /proc/sys/kernel/random/uuid | put etc/machine-id
[ -z "$resolv" ] || printf %s "$resolv" | put etc/resolv.conf
[ ! -d usr/lib/systemd/system ] || printf %s "$manager" | put etc/systemd/system.conf.d/10-machine.conf
if [ -e usr/lib/systemd/systemd-networkd ]; then
  printf "$networkd" "$address" "$prefix" "$gateway" | put etc/systemd/network/10-host0.network
  mkdir -p etc/systemd/system/multi-user.target.wants
  ln -sf /usr/lib/systemd/system/systemd-networkd.service etc/systemd/system/multi-user.target.wants/
  for unit in $masked; do ln -sf /dev/null "etc/systemd/system/$unit"; done
  mkdir -p etc/systemd/system-generators
  for g in $generators; do ln -sf /dev/null "etc/systemd/system-generators/systemd-$g-generator"; done
elif [ -d etc/network ]; then
  printf "$ifupdown" "$address" "$prefix" "$gateway" | put etc/network/interfaces
fi
mkdir -p etc/ssh root/.ssh
chmod 700 root/.ssh
rm -f etc/ssh/ssh_host_*
for type in ed25519 ecdsa; do ssh-keygen -q -t "$type" -N '' -C "root@$name" -f "etc/ssh/ssh_host_\${type}_key"; done
cat etc/ssh/ssh_host_*_key.pub > "$dir/host-keys.new"; chmod 644 "$dir/host-keys.new"; mv "$dir/host-keys.new" "$dir/host-keys"
[ -z "$key" ] || echo "$key" | put root/.ssh/authorized_keys
chown -R 0:0 root/.ssh
mv -T "$half" "$root"`)}`
}
