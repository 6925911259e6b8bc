import { readFile } from 'node:fs/promises'

/** Files that may name the network's real name servers, where resolv.conf only names a local stub. */
const FILES = ['etc/resolv.conf', 'run/systemd/resolve/resolv.conf', 'run/NetworkManager/no-stub-resolv.conf']

/** A loopback name server is this computer's own and unreachable from a host. */
function reachable(text: string): string[] {
  const servers = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(found => found[1] ?? '')
  return servers.filter(server => !/^127\.|^::1$/.test(server))
}

/** Text of a host's resolv.conf: real name servers and search domains of this computer; '' when none is found. */
export async function readResolvConf(root = '/'): Promise<string> {
  for (const file of FILES) {
    const text = await readFile(root + file, 'utf8').catch(() => '')
    const servers = reachable(text)
    const search = /^\s*search\s+(.*)$/m.exec(text)?.[1]
    if (servers.length > 0) {
      return [...(search ? [`search ${search}`] : []), ...servers.map(server => `nameserver ${server}`), ''].join('\n')
    }
  }
  return ''
}
