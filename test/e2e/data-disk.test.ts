/**
 * The script that mounts a disk for the engine's data, on loop devices that look like a cloud's disks: /sys, /dev and
 * /etc/fstab are a folder of the test's, and each run has its mounts for itself. Needs root and loop devices.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { DataDiskAsk } from '../../provisioning/ask.ts'
import { DATA_DISK_EXIT, dataDiskCommand } from '../../provisioning/data-disk-script.ts'
import { textOf } from '../../src/ssh/quote.ts'
import { TEST_STATE } from '../kit/places.ts'

const GB = 1024 ** 3

class Computer implements Disposable {
  readonly #folder: string
  readonly #loops: string[] = []

  constructor() {
    mkdirSync(TEST_STATE, { recursive: true })
    this.#folder = mkdtempSync(join(TEST_STATE, 'data-disk-'))
    for (const each of ['sys', 'dev', 'etc', 'root', 'run']) mkdirSync(join(this.#folder, each))
    writeFileSync(this.fstab, 'UUID=1234 / ext4 defaults 0 1\n')
  }

  get fstab(): string {
    return join(this.#folder, 'etc/fstab')
  }

  get root(): string {
    return join(this.#folder, 'root')
  }

  /** A disk of this size; `shell` prepares it with its loop device in $D. */
  disk(
    name: string,
    { gb = 1, serial = '', shell = '' }: { gb?: number; serial?: string; shell?: string } = {},
  ): string {
    const file = join(this.#folder, `${name}.disk`)
    execFileSync('truncate', ['-s', String(gb * GB), file])
    const loop = execFileSync('losetup', ['-f', '--show', file], { encoding: 'utf8' }).trim()
    this.#loops.push(loop)
    execFileSync('sh', ['-ec', shell], { env: { ...process.env, D: loop }, stdio: 'ignore' })
    const sys = join(this.#folder, 'sys', name)
    mkdirSync(join(sys, 'holders'), { recursive: true })
    writeFileSync(join(sys, 'ro'), '0\n')
    writeFileSync(join(sys, 'size'), `${(gb * GB) / 512}\n`)
    if (serial !== '') writeFileSync(join(sys, 'serial'), `${serial}\n`)
    const minor = String(statSync(loop).rdev & 0xff)
    execFileSync('mknod', [join(this.#folder, 'dev', name), 'b', '7', minor])
    return loop
  }

  partition(name: string): void {
    mkdirSync(join(this.#folder, 'sys', name, `${name}1`))
  }

  /** Runs the step's script, then `after` in the same mounts; `spoil` makes another script of it. */
  mount(
    ask: Partial<DataDiskAsk> = {},
    after = '',
    spoil: (script: string) => string = script => script,
  ): { code: number | null; stderr: string; stdout: string } {
    const text = spoil(textOf(dataDiskCommand({ sizeGb: 1, fs: 'ext4', ...ask }, this.root)))
      .replaceAll('/sys/block', join(this.#folder, 'sys'))
      .replaceAll('/dev/$', `${join(this.#folder, 'dev')}/$`)
      .replaceAll('/etc/fstab', this.fstab)
      .replaceAll('/run/machine-data', join(this.#folder, 'run/machine-data'))
      .replaceAll('/var/run/docker.sock', '/nonexistent')
    const script = `sh -c '${text.replaceAll("'", "'\\''")}' && { ${after || ':'}; }`
    const done = spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], { encoding: 'utf8' })
    return { code: done.status, stderr: done.stderr, stdout: done.stdout }
  }

  [Symbol.dispose](): void {
    for (const loop of this.#loops) execFileSync('losetup', ['-d', loop])
    rmSync(this.#folder, { recursive: true })
  }
}

const suite = process.getuid?.() === 0 ? describe : describe.skip
const signature = (loop: string) => spawnSync('blkid', ['-p', loop], { encoding: 'utf8' }).stdout

suite("a disk for the engine's data", () => {
  test('an empty disk is formatted once, mounted, and kept in fstab', () => {
    using host = new Computer()
    const loop = host.disk('vdb', { serial: 'bp1abcdefgh' })
    const write = `touch ${host.root}/kept; grep -c ' ${host.root} ' /proc/self/mountinfo`
    expect(host.mount({ serial: 'bp1abcdefgh' }, write)).toMatchObject({ code: 0, stdout: '1\n' })
    expect(signature(loop)).toMatch(/LABEL="machine-data".*TYPE="ext4"/)
    const fstab = readFileSync(host.fstab, 'utf8')
    expect(fstab).toMatch(
      /^UUID=1234 \/ ext4 defaults 0 1\nUUID=[0-9a-f-]{36} \S+root ext4 defaults,nofail,x-systemd\S+ 0 2\n$/,
    )

    // Cut short after it was made, or run again after a reboot that did not mount it: what is on it stays.
    expect(host.mount({ serial: 'bp1abcdefgh' }, `ls ${host.root}`).stdout).toContain('kept')
    expect(readFileSync(host.fstab, 'utf8')).toBe(fstab)
    expect(existsSync(join(host.root, 'kept'))).toBe(false)
  })

  test('what an engine of the image has put there goes along', () => {
    using host = new Computer()
    host.disk('vdb')
    mkdirSync(join(host.root, 'volumes'))
    writeFileSync(join(host.root, 'volumes/old'), 'text')
    expect(host.mount({}, `cat ${host.root}/volumes/old; ls ${host.root}`).stdout).toMatch(/^text[\s\S]*lost\+found/)
  })

  test.each([
    ['a file system', 'mkfs.ext4 -q $D'],
    ['another label', 'mkfs.ext4 -q -L photos $D'],
    [
      'a partition table',
      String.raw`printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\010\0\0' | dd of=$D bs=1 seek=446; printf '\125\252' | dd of=$D bs=1 seek=510`,
    ],
    ['swap', 'mkswap $D'],
    ['bytes no tool knows', 'echo secret | dd of=$D bs=512 seek=9 conv=notrunc'],
  ])('a disk with %s is not touched', (_, shell) => {
    using host = new Computer()
    const loop = host.disk('vdb', { serial: 'bp1abcdefgh', shell })
    const sum = () => execFileSync('sh', ['-c', `head -c 4194304 ${loop} | sha256sum`], { encoding: 'utf8' })
    const before = sum()
    expect(host.mount({ serial: 'bp1abcdefgh' }).code).toBe(DATA_DISK_EXIT.foreign)
    expect(sum()).toBe(before)
    expect(readFileSync(host.fstab, 'utf8')).toBe('UUID=1234 / ext4 defaults 0 1\n')
    // It would be seen: a script that says so and goes on overwrites it.
    host.mount({ serial: 'bp1abcdefgh' }, '', script => script.replaceAll('exit 22', ':'))
    expect(sum()).not.toBe(before)
  })

  test('a disk with partitions is in use', () => {
    using host = new Computer()
    host.disk('nvme1n1', { serial: 'bp1abcdefgh' })
    host.partition('nvme1n1')
    expect(host.mount({ serial: 'bp1abcdefgh' })).toMatchObject({ code: DATA_DISK_EXIT.foreign })
  })

  test('the serial number tells which of two', () => {
    using host = new Computer()
    const other = host.disk('vdb', { serial: 'bp1other' })
    const ours = host.disk('vdc', { serial: 'd-bp1ours' })
    expect(host.mount({ serial: 'bp1ours' }).code).toBe(0)
    expect(signature(other)).toBe('')
    expect(signature(ours)).toContain('machine-data')
  })

  test('by its size alone, where there is no other of it', () => {
    using host = new Computer()
    const system = host.disk('vda', { gb: 2 })
    const ours = host.disk('vdb')
    expect(host.mount().code).toBe(0)
    expect(signature(system)).toBe('')
    expect(signature(ours)).toContain('machine-data')
  })

  test('two of the size are one too many, and none is none', () => {
    using host = new Computer()
    const first = host.disk('vdb')
    expect(host.mount({ sizeGb: 3 })).toMatchObject({ code: DATA_DISK_EXIT.none, stderr: 'vdb: 1 GB\n' })
    const second = host.disk('vdc')
    expect(host.mount()).toMatchObject({ code: DATA_DISK_EXIT.several, stderr: 'vdb and vdc\n' })
    expect(signature(first) + signature(second)).toBe('')
  })

  test('a disk whose serial number is another one is not taken for its size', () => {
    using host = new Computer()
    const loop = host.disk('vdb', { serial: 'bp1other' })
    expect(host.mount({ serial: 'bp1ours' }).code).toBe(DATA_DISK_EXIT.none)
    expect(signature(loop)).toBe('')
  })
})
