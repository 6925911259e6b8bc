/** A container machine on this computer: a whole Debian booted by systemd-nspawn. It is no security boundary. */
import { defineDriver } from '../driver.ts'
import { createHost } from './create.ts'
import { flags } from './flags.ts'
import { inspectHost } from './inspect.ts'
import { killHost, removeHost, startHost, stopHost } from './power.ts'
import { preflight } from './preflight.ts'
import { canBeRoot } from './root-shell.ts'
import { missingTools } from './tools.ts'

export const nspawn = defineDriver({
  name: 'nspawn',
  summary: 'a container machine on this computer',
  flags,
  automatic: true,
  provisions: true,
  keys: 'ed25519',
  keepsSwarm: true,
  async usable({ env, signal }) {
    const missing = await missingTools(env.PATH ?? '')
    const root = missing.length > 0 || (await canBeRoot(signal))
    const all = root ? missing : ['root: run as root, or let sudo ask for your password first: sudo -v']
    return { usable: all.length === 0, missing: all }
  },
  folders: env => [flags.stateDir, flags.cacheDir].map(flag => env[flag.env] || flag.default),
  preflight,
  create: createHost,
  inspect: inspectHost,
  remove: removeHost,
  power: { start: startHost, stop: stopHost, kill: killHost },
  // Everything on this computer carries the host's id.
  renamed: (state, name) => ({ ...state, MachineName: name }),
})
