/** Not every login puts the administrator's folders on PATH, and sudo may keep the login's own. */

import type { Host } from '../src/ssh/host.ts'
import { all, type Cmd, script } from '../src/ssh/quote.ts'

const SBIN = script('PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH')

/** The same host, whose commands find /usr/sbin. Disposing it leaves the session to its owner. */
export function withSbin(host: Host): Host {
  return {
    name: host.name,
    hostKey: host.hostKey,
    run: (command: Cmd, options) => host.run(all(SBIN, command), options),
    upload: (path, content, options) => host.upload(path, content, options),
    [Symbol.asyncDispose]: async () => {},
  }
}
