/** What the scp of this computer can do, and how a remote path has to be written for it. */

/** How files travel: over SFTP (names arrive as they are), or by the old protocol, whose remote shell reads the name. */
export type ScpProtocol = 'sftp' | 'old'

/**
 * The flags that make scp speak a protocol, from what `ssh -V` says. scp speaks SFTP by itself since OpenSSH 9.0 and if
 * asked (-s) since 8.7, which also brought -O for the old protocol; before that, and elsewhere, there is the old one only.
 */
export function scpFlags(version: string, wanted: ScpProtocol): { protocol: ScpProtocol; flags: string[] } {
  const [, major = '0', minor = '0'] = /OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/.exec(version) ?? []
  const release = Number(major) * 100 + Number(minor)
  if (release < 807) return { protocol: 'old', flags: [] }
  if (wanted === 'old') return { protocol: 'old', flags: ['-O'] }
  return { protocol: 'sftp', flags: release < 900 ? ['-s'] : [] }
}

/** A remote path for a protocol. The old one's shell would part it at spaces; patterns and `~` are left to that shell. */
export function remotePath(path: string, protocol: ScpProtocol): string {
  return protocol === 'sftp' ? path : path.replace(/[^A-Za-z0-9_@%+=:,./~*?[\]\u0080-\u{10ffff}-]/gu, '\\$&')
}

/** Whether scp failed because the host serves no SFTP: the old protocol may then work. */
export function lacksSftp(stderr: string): boolean {
  return /subsystem request failed|sftp-server: (not found|No such file)/i.test(stderr)
}
