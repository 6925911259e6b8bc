/**
 * Who may do what: one line for each of the engine's published operations, in their order: method, path, viewers, operators.
 * Admins may do everything. What stands in no line is for admins only, also what the engine has beyond what it publishes
 * (/grpc, checkpoints, /debug).
 */
import type { CheckName } from './checks.ts'
import type { ViewName } from './views.ts'

export interface Operation {
  readonly method: string
  /** As published; what stands in braces is one segment, or several where `route.ts` says so. */
  readonly path: string
  /** 'plain': without choosing what is shown. The name of a view: the answer is rewritten by it. */
  readonly viewer: No | 'yes' | 'plain' | ViewName
  /** The name of a check: the request has to stand it. */
  readonly operator: No | 'yes' | CheckName
}

export interface No {
  /** Why, to follow a colon. */
  readonly no: string
}

const YES = 'yes'
const WRITES: No = { no: 'they may only read' }
const CONTENTS: No = { no: 'it hands out contents of files, images, secrets or configs' }
const INPUT: No = { no: 'it reaches the input of the container' }
/** The engine asks a registry for whoever asks it. */
const REGISTRY: No = { no: 'it makes the host ask a registry' }
/** They name the command lines of whatever is run by exec and all health checks, and a stream cannot be rewritten whole. */
const COMMANDS: No = { no: 'events tell the command lines of what is run in containers' }
const TOKENS: No = { no: 'it hands out keys of the swarm' }
const SWARM: No = { no: 'changes of the swarm, its nodes, secrets, configs and volumes are for admins only' }
const PLUGINS: No = { no: 'plug-ins are for admins only' }
const ADMIN: No = { no: "a build may ask for more than an operator may have, out of the agent's sight" }

// Logs are shown to viewers: they are what a viewer is for. So are processes and their arguments (top), which lists of
// containers show as well. Waiting changes nothing, but is no read.
export const OPERATIONS: readonly Operation[] = [
  row('GET', '/_ping', YES, YES),
  row('HEAD', '/_ping', YES, YES),
  row('POST', '/auth', WRITES, YES),
  row('POST', '/build', WRITES, ADMIN),
  row('POST', '/build/prune', WRITES, 'nothing'),
  row('POST', '/commit', WRITES, 'commit'),
  row('GET', '/configs', CONTENTS, YES),
  row('POST', '/configs/create', WRITES, SWARM),
  row('DELETE', '/configs/{id}', WRITES, SWARM),
  row('GET', '/configs/{id}', CONTENTS, YES),
  row('POST', '/configs/{id}/update', WRITES, SWARM),
  row('POST', '/containers/create', WRITES, 'container'),
  row('GET', '/containers/json', YES, YES),
  row('POST', '/containers/prune', WRITES, 'nothing'),
  row('DELETE', '/containers/{id}', WRITES, YES),
  row('GET', '/containers/{id}/archive', CONTENTS, YES),
  row('HEAD', '/containers/{id}/archive', CONTENTS, YES),
  row('PUT', '/containers/{id}/archive', WRITES, YES),
  row('POST', '/containers/{id}/attach', WRITES, YES),
  row('GET', '/containers/{id}/attach/ws', INPUT, YES),
  row('GET', '/containers/{id}/changes', YES, YES),
  row('POST', '/containers/{id}/exec', WRITES, 'exec'),
  row('GET', '/containers/{id}/export', CONTENTS, YES),
  row('GET', '/containers/{id}/json', 'stripped', YES),
  row('POST', '/containers/{id}/kill', WRITES, 'nothing'),
  row('GET', '/containers/{id}/logs', YES, YES),
  row('POST', '/containers/{id}/pause', WRITES, 'nothing'),
  row('POST', '/containers/{id}/rename', WRITES, 'nothing'),
  row('POST', '/containers/{id}/resize', WRITES, 'nothing'),
  row('POST', '/containers/{id}/restart', WRITES, 'nothing'),
  row('POST', '/containers/{id}/start', WRITES, 'start'),
  row('GET', '/containers/{id}/stats', YES, YES),
  row('POST', '/containers/{id}/stop', WRITES, 'nothing'),
  row('GET', '/containers/{id}/top', 'plain', YES),
  row('POST', '/containers/{id}/unpause', WRITES, 'nothing'),
  row('POST', '/containers/{id}/update', WRITES, 'update'),
  row('POST', '/containers/{id}/wait', WRITES, 'nothing'),
  row('GET', '/distribution/{name}/json', REGISTRY, YES),
  row('GET', '/events', COMMANDS, YES),
  row('GET', '/exec/{id}/json', 'stripped', YES),
  row('POST', '/exec/{id}/resize', WRITES, 'nothing'),
  row('POST', '/exec/{id}/start', WRITES, YES),
  row('POST', '/images/create', WRITES, 'fetch'),
  row('GET', '/images/get', CONTENTS, YES),
  row('GET', '/images/json', YES, YES),
  row('POST', '/images/load', WRITES, YES),
  row('POST', '/images/prune', WRITES, 'nothing'),
  row('GET', '/images/search', REGISTRY, YES),
  row('DELETE', '/images/{name}', WRITES, YES),
  row('GET', '/images/{name}/attestations', CONTENTS, YES),
  row('GET', '/images/{name}/get', CONTENTS, YES),
  row('GET', '/images/{name}/history', 'builds', YES),
  row('GET', '/images/{name}/json', 'stripped', YES),
  row('POST', '/images/{name}/push', WRITES, YES),
  row('POST', '/images/{name}/tag', WRITES, 'nothing'),
  row('GET', '/info', 'addresses', YES),
  row('GET', '/networks', YES, YES),
  row('POST', '/networks/create', WRITES, 'network'),
  row('POST', '/networks/prune', WRITES, 'nothing'),
  row('DELETE', '/networks/{id}', WRITES, YES),
  row('GET', '/networks/{id}', YES, YES),
  row('POST', '/networks/{id}/connect', WRITES, 'connect'),
  row('POST', '/networks/{id}/disconnect', WRITES, 'disconnect'),
  row('GET', '/nodes', YES, YES),
  row('DELETE', '/nodes/{id}', WRITES, SWARM),
  row('GET', '/nodes/{id}', YES, YES),
  row('POST', '/nodes/{id}/update', WRITES, SWARM),
  row('GET', '/plugins', 'stripped', YES),
  row('POST', '/plugins/create', WRITES, PLUGINS),
  row('GET', '/plugins/privileges', REGISTRY, PLUGINS),
  row('POST', '/plugins/pull', WRITES, PLUGINS),
  row('DELETE', '/plugins/{name}', WRITES, PLUGINS),
  row('POST', '/plugins/{name}/disable', WRITES, PLUGINS),
  row('POST', '/plugins/{name}/enable', WRITES, PLUGINS),
  row('GET', '/plugins/{name}/json', 'stripped', YES),
  row('POST', '/plugins/{name}/push', WRITES, PLUGINS),
  row('POST', '/plugins/{name}/set', WRITES, PLUGINS),
  row('POST', '/plugins/{name}/upgrade', WRITES, PLUGINS),
  row('GET', '/secrets', CONTENTS, YES),
  row('POST', '/secrets/create', WRITES, SWARM),
  row('DELETE', '/secrets/{id}', WRITES, SWARM),
  row('GET', '/secrets/{id}', CONTENTS, YES),
  row('POST', '/secrets/{id}/update', WRITES, SWARM),
  row('GET', '/services', 'stripped', YES),
  row('POST', '/services/create', WRITES, 'service'),
  row('DELETE', '/services/{id}', WRITES, YES),
  row('GET', '/services/{id}', 'stripped', YES),
  row('GET', '/services/{id}/logs', YES, YES),
  row('POST', '/services/{id}/update', WRITES, 'service'),
  row('POST', '/session', WRITES, ADMIN),
  row('GET', '/swarm', TOKENS, TOKENS),
  row('POST', '/swarm/init', WRITES, SWARM),
  row('POST', '/swarm/join', WRITES, SWARM),
  row('POST', '/swarm/leave', WRITES, SWARM),
  row('POST', '/swarm/unlock', WRITES, SWARM),
  row('GET', '/swarm/unlockkey', TOKENS, TOKENS),
  row('POST', '/swarm/update', WRITES, SWARM),
  row('GET', '/system/df', 'builds', YES),
  row('GET', '/tasks', 'stripped', YES),
  row('GET', '/tasks/{id}', 'stripped', YES),
  row('GET', '/tasks/{id}/logs', YES, YES),
  row('GET', '/version', YES, YES),
  row('GET', '/volumes', 'stripped', YES),
  row('POST', '/volumes/create', WRITES, 'volume'),
  row('POST', '/volumes/prune', WRITES, 'nothing'),
  row('DELETE', '/volumes/{name}', WRITES, YES),
  row('GET', '/volumes/{name}', 'stripped', YES),
  row('PUT', '/volumes/{name}', WRITES, SWARM),
]

function row(method: string, path: string, viewer: Operation['viewer'], operator: Operation['operator']): Operation {
  return { method, path, viewer, operator }
}
