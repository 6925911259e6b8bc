/**
 * Loaded before Pulumi's own programs, which spend most of their time on packages that these tests never call: those are loaded
 * when something of them is first asked for. All that runs is Pulumi's all the same.
 */
const Module = require('node:module')

/** npm's own library, for Lambda functions; and the compiler, which serialization wants and the provider does not. */
const LATER = new Set(['@npmcli/arborist', 'typescript'])
/** Makes stack traces readable, and reads maps of all sources for it, also for traces that nobody sees. */
const NEVER = 'source-map-support/register'

const load = Module._load
Module._load = function (request, ...from) {
  if (request === NEVER) return {}
  if (!LATER.has(request)) return load.call(this, request, ...from)
  let loaded
  const get = (_, key) => {
    if (key === '__esModule') return true // else who imports it copies, and so loads, all of it
    loaded ??= load.call(this, request, ...from)
    return loaded[key]
  }
  return new Proxy({}, { get })
}

// What was compiled is kept for the next process by one that exits, and not by one that is killed.
process.once('SIGTERM', () => process.exit())
