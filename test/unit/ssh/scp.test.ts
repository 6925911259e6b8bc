import { expect, test } from '@jest/globals'
import { lacksSftp, remotePath, scpFlags } from '../../../src/ssh/scp.ts'

test.each([
  ['OpenSSH_10.0p2, OpenSSL 3.5.1', 'sftp', 'sftp', []],
  ['OpenSSH_10.0p2, OpenSSL 3.5.1', 'old', 'old', ['-O']],
  ['OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19', 'sftp', 'sftp', []],
  ['OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2', 'sftp', 'sftp', []],
  ['OpenSSH_8.9p1 Ubuntu-3ubuntu0.10', 'sftp', 'sftp', ['-s']],
  ['OpenSSH_8.7p1, OpenSSL 3.0.7', 'old', 'old', ['-O']],
  ['OpenSSH_8.6p1, LibreSSL 3.3.6', 'sftp', 'old', []],
  ['OpenSSH_7.4p1', 'old', 'old', []],
  ['Dropbear v2022.83', 'sftp', 'old', []],
  ['', 'sftp', 'old', []],
] as const)('scp of %s asked for %s', (version, wanted, protocol, flags) => {
  expect(scpFlags(version, wanted)).toEqual({ protocol, flags })
})

test('a path for the shell of the old protocol', () => {
  expect(remotePath(`~/it's "a" $x\\*.txt`, 'old')).toBe(`~/it\\'s\\ \\"a\\"\\ \\$x\\\\*.txt`)
  expect(remotePath('/ünï–📦', 'old')).toBe('/ünï–📦')
  expect(remotePath(`it's $x`, 'sftp')).toBe(`it's $x`)
})

test('scp’s words when the host serves no SFTP', () => {
  expect(lacksSftp('subsystem request failed on channel 0\r\nscp: Connection closed\r\n')).toBe(true)
  expect(lacksSftp('sh: /usr/libexec/sftp-server: not found\nscp: Connection closed\n')).toBe(true)
  expect(lacksSftp('scp: /x: No such file or directory')).toBe(false)
})
