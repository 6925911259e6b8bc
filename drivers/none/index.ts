/** A machine somebody else made: an engine at a URL, nothing to log in to. */
import { UsageError } from '../../src/errors.ts'
import { defineDriver } from '../driver.ts'

interface State {
  MachineName: string
  /** host:port of the URL, as Docker Machine wrote it. */
  IPAddress: string
  URL: string
}

/** 'host:port' of an engine's URL. Throws UsageError for what is none. */
function hostOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && (parsed.protocol === 'unix:' || parsed.protocol === 'npipe:')) return ''
  if (!parsed?.host)
    throw new UsageError(`--url "${url}" is no URL of an engine`, ['give one as tcp://203.0.113.7:2376'])
  return parsed.host
}

/** Docker Machine's words for what cannot be done here. */
const PARTICIPLES: Readonly<Record<string, string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  kill: 'killed',
}

export const none = defineDriver({
  name: 'none',
  summary: 'an engine that is there already, reached by its URL',
  flags: {
    url: { type: 'string', flag: 'url', help: 'URL of an engine that is there already, as tcp://203.0.113.7:2376' },
  },
  automatic: false,
  provisions: false,
  keys: 'own',
  noPowerText: verb => `hosts without a driver cannot be ${PARTICIPLES[verb] ?? verb}`,
  async usable() {
    return { usable: true, missing: [] }
  },
  async preflight({ url }) {
    requireUrl(url)
  },
  async create({ url }, ctx): Promise<State> {
    const given = requireUrl(url)
    return { MachineName: ctx.name, IPAddress: hostOf(given), URL: given }
  },
  async inspect(state) {
    const address = /^\[(.*)\]|^([^:]*)/.exec(state.IPAddress)?.slice(1).find(Boolean)
    return { status: 'Running', url: state.URL, ...(address ? { address } : {}) }
  },
  async remove() {},
  renamed: (state, name) => ({ ...state, MachineName: name }),
})

function requireUrl(url: string | undefined): string {
  if (!url) throw new UsageError('--url option is required when no driver is selected')
  hostOf(url)
  return url
}
