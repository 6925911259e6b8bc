/**
 * A box of Vagrant's for libvirt, made here: the Debian test hosts are copied from, with a kernel and a boot loader, on a
 * disk. Needs root, but no loop device and no VM.
 */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { hostTree } from './host-tree.ts'

/** What the tree has besides. */
const PACKAGES = ['linux-image-cloud-amd64', 'grub-pc-bin', 'udev']

const DISK_GB = 4
/** Where the file system begins: boot loaders have the room before it. */
const START = 1024 * 1024

/** One key, of the quick kind; from the second start on there is one. */
const HOST_KEY = `[Service]
ExecStartPre=
ExecStartPre=-/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
`

const FILES: Readonly<Record<string, string>> = {
  'etc/systemd/system/ssh.service.d/key.conf': HOST_KEY,
  'etc/systemd/network/80-dhcp.network': '[Match]\nName=en* eth*\n[Network]\nDHCP=ipv4\n',
  'etc/sudoers.d/vagrant': 'vagrant ALL=(ALL) NOPASSWD: ALL\n',
  'etc/hostname': 'box\n',
  'etc/fstab': '/dev/vda1 / ext4 defaults 0 1\n',
}

/** Units that only cost time. */
const MASKED = [
  'systemd-networkd-wait-online.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'grub-common.service',
]

/** Makes the box in this folder, and returns its path. */
export async function makeBox(dir: string, publicKey: string): Promise<string> {
  const tree = join(dir, 'tree')
  execFileSync('cp', ['-a', '--reflink=auto', await hostTree(PACKAGES), tree])
  furnish(tree, publicKey)
  const disk = join(dir, 'disk.raw')
  writeDisk(disk, tree)
  rmSync(tree, { recursive: true })
  const metadata = { provider: 'libvirt', format: 'qcow2', virtual_size: DISK_GB }
  writeFileSync(join(dir, 'metadata.json'), JSON.stringify(metadata))
  execFileSync('qemu-img', ['convert', '-O', 'qcow2', disk, join(dir, 'box.img')])
  rmSync(disk)
  const box = join(dir, 'debian.box')
  execFileSync('tar', ['-C', dir, '-cf', box, 'metadata.json', 'box.img'])
  rmSync(join(dir, 'box.img'))
  return box
}

function furnish(tree: string, publicKey: string): void {
  execFileSync('chroot', [tree, 'useradd', '--create-home', '--shell', '/bin/bash', 'vagrant'])
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  for (const [path, text] of Object.entries(FILES)) put(path, text)
  put('home/vagrant/.ssh/authorized_keys', publicKey)
  const units = ['enable', 'systemd-networkd.service']
  execFileSync('chroot', [tree, 'sh', '-c', 'chown -R vagrant: /home/vagrant/.ssh && chmod -R go= /home/vagrant/.ssh'])
  execFileSync('chroot', [tree, 'systemctl', ...units], { stdio: 'ignore' })
  execFileSync('chroot', [tree, 'systemctl', 'mask', ...MASKED], { stdio: 'ignore' })
  const kernel = readdirSync(join(tree, 'boot')).find(name => name.startsWith('vmlinuz-')) as string
  const words = 'root=/dev/vda1 rw console=ttyS0 net.ifnames=0 mitigations=off quiet'
  put(
    'boot/grub.cfg',
    `linux (hd0,msdos1)/boot/${kernel} ${words}\ninitrd (hd0,msdos1)/boot/${kernel.replace('vmlinuz', 'initrd.img')}\nboot\n`,
  )
}

/** One partition; grub lies in its usual place, behind the sector the BIOS starts. */
function writeDisk(disk: string, tree: string): void {
  const modules = ['biosdisk', 'part_msdos', 'ext2', 'linux', 'gzio']
  const image = ['-O', 'i386-pc', '-p', '/boot', '-c', '/boot/grub.cfg', '-o', '/boot/core.img']
  execFileSync('chroot', [tree, 'grub-mkimage', ...image, ...modules])
  const core = readFileSync(join(tree, 'boot/core.img'))
  const boot = readFileSync(join(tree, 'usr/lib/grub/i386-pc/boot.img'))
  writeFileSync(disk, '')
  truncateSync(disk, DISK_GB * 2 ** 30)
  // What grub has not learnt to read yet is left out.
  const features = ['-O', '^metadata_csum_seed,^orphan_file']
  const size = `${(DISK_GB * 2 ** 30 - START) / 1024}k`
  execFileSync('mke2fs', ['-q', '-t', 'ext4', ...features, '-E', `offset=${START}`, '-d', tree, disk, size])
  const file = openSync(disk, 'r+')
  writeSync(file, boot, 0, 440, 0)
  writeSync(file, partitions(), 0, 66, 446)
  writeSync(file, core, 0, core.length, 512)
  closeSync(file)
}

/** The end of a disk's first sector: one partition of Linux, to be started from, to the end of the disk. */
function partitions(): Buffer {
  const table = Buffer.alloc(66)
  table.set([0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff])
  table.writeUInt32LE(START / 512, 8)
  table.writeUInt32LE((DISK_GB * 2 ** 30 - START) / 512, 12)
  table.set([0x55, 0xaa], 64)
  return table
}
