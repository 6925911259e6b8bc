import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { isAllowed, prefixOf } from '../../../kit/virtualbox/networks-conf.ts'

test('without a file 192.168.56.0/21; with one what its lines with an asterisk say, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'networks-conf-'))
  const conf = join(folder, 'networks.conf')
  try {
    expect(['192.168.56.1', '192.168.63.254', '192.168.64.1', '192.168.99.1'].map(ip => isAllowed(conf, ip))).toEqual([
      true,
      true,
      false,
      false,
    ])
    writeFileSync(conf, '# mine\n* 10.0.0.0/8 192.168.99.0/24\n192.168.56.0/21\n')
    expect(['10.77.0.1', '192.168.99.1', '192.168.59.1'].map(ip => isAllowed(conf, ip))).toEqual([true, true, false])
    writeFileSync(conf, '* 0.0.0.0/0 ::/0\n')
    expect(isAllowed(conf, '172.28.128.1')).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
  expect(['255.255.255.0', '255.255.248.0', '255.255.255.255', '255.0.255.0', 'x'].map(prefixOf)).toEqual([
    24,
    21,
    32,
    undefined,
    undefined,
  ])
})
