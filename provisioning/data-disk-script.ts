/** Mounts a disk where the engine's data lies. What it may format is an empty disk that is surely the one meant. */
import { all, type Cmd, script, sh } from '../src/ssh/quote.ts'
import type { DataDiskAsk } from './ask.ts'

/** Exit codes of the script, each with what it found. */
export const DATA_DISK_EXIT = { none: 20, several: 21, foreign: 22, noTool: 23, busy: 24 } as const

/**
 * A file system that carries our label is ours, also one whose making was cut short before it was mounted. A disk with any
 * other signature, partitions or holders is somebody's, and stays as it is.
 */
const SCRIPT = `
LABEL=machine-data
has() { command -v "$1" >/dev/null 2>&1; }
value() { blkid -p -o value -s "$2" "$1" 2>/dev/null; }
sys() { # where the kernel tells of it; a device node may have another name than the kernel's
  if [ -d "/sys/block/$1" ]; then echo "/sys/block/$1"
  else echo "/sys/dev/block/$((0x$(stat -c %t "/dev/$1"))):$((0x$(stat -c %T "/dev/$1")))"; fi
}
serial() { cat "$(sys "$1")/serial" "$(sys "$1")/device/serial" 2>/dev/null | head -n 1 | tr -d ' '; }
used() { # partitions, or on top of it LVM, RAID, encryption; or mounted
  s=$(readlink -f "$(sys "$1")")
  ls -d "$s/\${s##*/}"* >/dev/null 2>&1 || [ -n "$(ls "$s/holders" 2>/dev/null)" ] ||
    grep -q "^/dev/$1 " /proc/mounts /proc/swaps
}
disks() {
  for d in /sys/block/vd* /sys/block/xvd* /sys/block/sd* /sys/block/nvme*n*; do
    d=\${d##*/}
    [ -b "/dev/$d" ] && [ "$(cat "/sys/block/$d/ro")" = 0 ] && echo "$d"
  done
}
found=
if [ -n "$SERIAL" ]; then
  for l in /dev/disk/by-id/*"$SERIAL"; do # udev's name for it
    [ -b "$l" ] && found=$(readlink -f "$l") && found=\${found##*/}
  done
  [ -n "$found" ] || for d in $(disks); do
    case $(serial "$d") in "$SERIAL"|"d-$SERIAL") found=$d ;; esac
  done
fi
if [ -z "$found" ]; then # its size, to the sector; a disk that is in use is not the one
  for d in $(disks); do
    [ "$(cat "/sys/block/$d/size")" = $((SIZE_GB * 2097152)) ] || continue
    used "$d" && continue
    [ -z "$(serial "$d")" ] || [ -z "$SERIAL" ] || continue
    [ -z "$found" ] || { echo "$found and $d" >&2; exit 21; }
    found=$d
  done
fi
[ -n "$found" ] || { for d in $(disks); do echo "$d: $(($(cat "/sys/block/$d/size") / 2097152)) GB" >&2; done; exit 20; }
dev=/dev/$found
used "$found" && { echo "$dev is in use" >&2; exit 22; }
if [ "$(value "$dev" LABEL)" != "$LABEL" ]; then
  signature=$(blkid -p "$dev" 2>/dev/null)
  [ -z "$signature" ] || { echo "$signature" >&2; exit 22; }
  # blkid knows no signature there: whatever else it holds would be in its first bytes.
  [ "$(head -c 1048576 "$dev" | tr -d '\\000' | wc -c)" = 0 ] || { echo "$dev is not empty" >&2; exit 22; }
  if [ "$FS" = xfs ]; then
    has mkfs.xfs || { has apt-get && DEBIAN_FRONTEND=noninteractive apt-get install -y xfsprogs >/dev/null 2>&1; } ||
      { has dnf && dnf install -y xfsprogs >/dev/null 2>&1; } || { has yum && yum install -y xfsprogs >/dev/null 2>&1; }
  fi
  has "mkfs.$FS" || { echo "mkfs.$FS" >&2; exit 23; }
  if [ "$FS" = xfs ]; then mkfs.xfs -q -L "$LABEL" "$dev" || exit 1; else mkfs.ext4 -q -L "$LABEL" "$dev" || exit 1; fi
fi
uuid=$(value "$dev" UUID)
type=$(value "$dev" TYPE)
[ -n "$uuid" ] || exit 1
# A host whose disk is missing boots, and its engine does not start: it would begin anew on the system's disk.
options=defaults,nofail,x-systemd.before=docker.service,x-systemd.required-by=docker.service
quota=
mkdir -p /run/machine-data
if [ "$type" = xfs ] && mount -o pquota "$dev" /run/machine-data 2>/dev/null; then # not each kernel has quotas
  umount /run/machine-data && quota=pquota
fi
running=
if has docker && [ -S /var/run/docker.sock ]; then
  [ -z "$(docker ps -q 2>/dev/null)" ] || { echo "containers run" >&2; exit 24; }
  running=yes
  { systemctl stop docker.socket docker.service || service docker stop; } >/dev/null 2>&1
fi
mkdir -p "$ROOT"
if [ -n "$(ls -A "$ROOT" 2>/dev/null)" ]; then # what an engine of the image has put there goes along
  mount "$dev" /run/machine-data || exit 1
  cp -a "$ROOT/." /run/machine-data/ || { umount /run/machine-data; exit 1; }
  umount /run/machine-data
fi
grep -v "^UUID=$uuid " /etc/fstab >/etc/fstab.machine 2>/dev/null
echo "UUID=$uuid $ROOT $type $options\${quota:+,$quota} 0 2" >>/etc/fstab.machine
cat /etc/fstab.machine >/etc/fstab && rm -f /etc/fstab.machine
{ has systemctl && systemctl daemon-reload; } >/dev/null 2>&1
# Not by its line in fstab: \`mount\` calls a nofail device success whose UUID udev has not told of yet.
mount -t "$type" -o "\${quota:-defaults}" "$dev" "$ROOT" || exit 1
[ -z "$running" ] || { systemctl start docker.service || service docker start; } >/dev/null 2>&1
exit 0
`

/** Run it as root. */
export function dataDiskCommand({ serial = '', sizeGb, fs }: DataDiskAsk, dataRoot: string): Cmd {
  return all(sh`SERIAL=${serial} SIZE_GB=${sizeGb} FS=${fs} ROOT=${dataRoot}`, script(SCRIPT.trim()))
}
