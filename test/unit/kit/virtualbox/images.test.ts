/** What VirtualBox would read of a file, and what stands in those the kit makes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { probeDisk, probeDvd, rewriteImage, writeImage } from '../../../kit/virtualbox/images.ts'
import { readIso } from '../../../kit/virtualbox/iso.ts'
import { makeIso } from '../../../kit/virtualbox/make-iso.ts'

const folder = mkdtempSync(join(tmpdir(), 'vbox-images-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const UUID = '01234567-89ab-4def-8123-456789abcdef'

test.each(['VDI', 'VMDK', 'VHD'])('%s: what is written is read again, also after it was changed', format => {
  const path = join(folder, `disk.${format}`)
  const image = { format, uuid: UUID, capacity: 10 * 2 ** 30, variant: 'dynamic default' }
  writeImage(path, image)
  expect(probeDisk(path, { release: '7.0' })).toEqual(image)
  expect(() => writeImage(path, image)).toThrow(/EEXIST/)
  rewriteImage(path, { ...image, capacity: 20 * 2 ** 30 })
  expect(probeDisk(path, { release: '7.0' })?.capacity).toBe(20 * 2 ** 30)
})

function qcow(version: number, incompatible = 0n): string {
  const bytes = Buffer.alloc(512)
  bytes.write('QFI\xfb', 'latin1')
  bytes.writeUInt32BE(version, 4)
  bytes.writeBigUInt64BE(2n ** 31n, 24)
  if (version === 3) bytes.writeBigUInt64BE(incompatible, 72)
  const path = join(folder, `v${version}-${incompatible}.qcow2`)
  writeFileSync(path, bytes)
  return path
}

test('QCOW of version 2 is read, of version 3 since 7.1 and without features nobody knows; raw images are not', () => {
  expect(probeDisk(qcow(2), { release: '6.1' })).toMatchObject({ format: 'QCOW', capacity: 2 ** 31 })
  expect(
    ['6.1', '7.0', '7.1', '7.2'].map(release => probeDisk(qcow(3), { release: release as '7.0' })?.format),
  ).toEqual([undefined, undefined, 'QCOW', 'QCOW'])
  expect(probeDisk(qcow(3, 1n), { release: '7.2' })).toBeUndefined()
  const raw = join(folder, 'disk.img')
  writeFileSync(raw, Buffer.alloc(4096))
  expect(probeDisk(raw, { release: '7.2' })).toBeUndefined()
})

test('a disc is read as Linux would: label, names of Joliet, and without those no user-data', () => {
  const path = join(folder, 'seed.iso')
  const files = { 'user-data': '#cloud-config\n', 'meta-data': 'instance-id: i\n', 'network-config': '' }
  writeFileSync(path, makeIso('cidata', files))
  expect(probeDvd(path)).toMatchObject({ format: 'RAW' })
  const { label, files: read } = readIso(path)
  expect(label).toBe('cidata')
  expect([...read].map(([name, bytes]) => [name, bytes.toString()])).toEqual(Object.entries(files))
  writeFileSync(path, makeIso('cidata', files, false))
  expect([...readIso(path).files.keys()]).toEqual(['user_dat', 'meta_dat', 'network_'])
  writeFileSync(path, Buffer.concat([makeIso('cidata', files), Buffer.from('x')]))
  expect(probeDvd(path)).toBeUndefined()
  writeFileSync(path, Buffer.alloc(40 * 2048))
  expect(probeDvd(path)).toBeUndefined()
  expect(() => readIso(path)).toThrow(/no ISO 9660/)
})
