/** Removes a test host whose process ended without doing so: `node remove-host.ts '<state as JSON>'`. */
import { removeHost } from '../../drivers/nspawn/power.ts'

const ctx = {
  name: 'kit',
  machineDir: '/nonexistent',
  storeId: 'fee1dead',
  env: {},
  signal: new AbortController().signal,
  say: () => {},
  point: () => {},
}
await removeHost(JSON.parse(process.argv[2] ?? '{}'), ctx)
