/**
 * Disks of the hosts of a stand-in cloud: real block devices, each a loop device over a sparse file. In the host it has the
 * names a virtual machine would give it, /dev/vdb and /dev/disk/by-id/virtio-SERIAL. Needs root and loop devices.
 *
 * What a container's systemd does not do is done by a unit of ours early in each boot: it makes the nodes, and mounts what
 * /etc/fstab says of devices, which systemd leaves alone in containers. It also lays over /sys/block, where containers see the
 * disks of this computer, what a virtual machine would see of these. Partitions are not seen.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TEST_STATE } from '../kit/places.ts'

export interface GuestDisk extends Disposable {
  /** '/dev/loop3', on this computer. */
  readonly device: string
  readonly minor: number
  readonly serial: string
  readonly sizeGb: number
}

const SECTORS_OF_GB = 2 ** 21

/** Makes a disk; the kernel takes the device away when nobody has it open any more, also when this process is killed. */
export function makeGuestDisk(serial: string, sizeGb: number): GuestDisk {
  mkdirSync(TEST_STATE, { recursive: true })
  const folder = mkdtempSync(join(TEST_STATE, 'guest-disk-'))
  const file = join(folder, 'disk')
  execFileSync('truncate', ['-s', `${sizeGb}G`, file])
  const device = execFileSync('losetup', ['--find', '--show', file], { encoding: 'utf8' }).trim()
  const held = openSync(device, 'r')
  // A device in use is detached later: with its last user.
  execFileSync('losetup', ['--detach', device])
  const { rdev } = statSync(device)
  return {
    device,
    minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00),
    serial,
    sizeGb,
    [Symbol.dispose]() {
      closeSync(held)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const UNIT = `[Unit]
Description=Disks of the stand-in cloud
DefaultDependencies=no
After=systemd-remount-fs.service
Before=local-fs.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/machine-test-disks
`

/** Tells the host's tree of its disks. */
export function addGuestDisks(root: string, disks: readonly GuestDisk[]): void {
  const lines = disks.map(({ device, minor, serial, sizeGb }, i) => {
    const name = `vd${'bcdefghijklmnopq'[i]}`
    return `disk ${name} ${minor} ${serial} ${device} ${sizeGb * SECTORS_OF_GB}`
  })
  const script = `#!/bin/sh
mount -t tmpfs -o mode=755,size=1m none /sys/block
# disk NAME MINOR SERIAL LOOP SECTORS
disk() {
  mkdir -p "/sys/block/$1/holders"
  echo 0 >"/sys/block/$1/ro"
  echo "$3" >"/sys/block/$1/serial"
  echo "$5" >"/sys/block/$1/size"
  for node in "/dev/$1" "$4"; do [ -b "$node" ] || mknod -m 660 "$node" b 7 "$2"; done
  mkdir -p /dev/disk/by-id /dev/disk/by-uuid
  ln -sfn "../../$1" "/dev/disk/by-id/virtio-$3"
  uuid=$(blkid -p -s UUID -o value "/dev/$1") && [ -z "$uuid" ] || ln -sfn "../../$1" "/dev/disk/by-uuid/$uuid"
}
${lines.join('\n')}
mount -a || true
`
  const units = join(root, 'etc/systemd/system')
  mkdirSync(join(units, 'local-fs.target.wants'), { recursive: true })
  mkdirSync(join(root, 'usr/local/lib'), { recursive: true })
  writeFileSync(join(root, 'usr/local/lib/machine-test-disks'), script, { mode: 0o755 })
  writeFileSync(join(units, 'machine-test-disks.service'), UNIT)
  symlinkSync('../machine-test-disks.service', join(units, 'local-fs.target.wants/machine-test-disks.service'))
}
