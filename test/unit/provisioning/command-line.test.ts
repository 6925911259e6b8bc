import { expect, test } from '@jest/globals'
import { keysOn, lineWithout, readLine, valuesOf } from '../../../provisioning/command-line.ts'

const line = readLine('/usr/bin/dockerd -H fd:// -Htcp://0.0.0.0:2375 -D --containerd /run/c.sock $OPTIONS $MORE', [
  'OPTIONS="--dns 192.0.2.1 --label=a"\n',
])

test('options are known by the key of daemon.json they mean, also inside variables', () => {
  expect([...keysOn(line)].sort()).toEqual(['containerd', 'debug', 'dns', 'hosts', 'labels'])
  expect(valuesOf(line, 'hosts')).toEqual(['fd://', 'tcp://0.0.0.0:2375'])
  expect(valuesOf(line, 'dns')).toEqual(['192.0.2.1'])
})

test('options go with their values; a variable stays one unless something in it has to go', () => {
  expect(lineWithout(line, key => key === 'debug')).toBe(
    '/usr/bin/dockerd -H fd:// -Htcp://0.0.0.0:2375 --containerd /run/c.sock $OPTIONS $MORE',
  )
  expect(lineWithout(line, (key, value) => key === 'dns' || value.endsWith(':2375'))).toBe(
    '/usr/bin/dockerd -H fd:// -D --containerd /run/c.sock --label=a $MORE',
  )
})
