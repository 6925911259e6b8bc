/** Paths and names on the host that only provisioning needs; the ones the agent knows too are HOST in agent/protocol.ts. */
import { HOST } from '../../agent/protocol.ts'

export const SOCKET_UNIT = 'machine-agent.socket'
export const SERVICE_UNIT = 'machine-agent.service'
export const WATCH_TIMER = 'machine-agent-watch.timer'
export const UNIT_FOLDER = '/etc/systemd/system'
export const INIT_SCRIPT = '/etc/init.d/machine-agent'
/** Root's own folder: nothing is made ready in the agent's, where the agent could put a link in the way. */
export const CONFIG_FOLDER = '/etc/machine-agent'
/** Written when a file changed that the running agent has not read: 'reload' is enough, or it takes a 'restart'. */
export const AGENT_STALE = '/run/machine-agent.stale'
/** Where there is no journal. */
export const LOG_FOLDER = '/var/log/machine-agent'
export const NODE = `${HOST.lib}/current/node`
export const PROGRAM = `${HOST.lib}/current/agent.cjs`
