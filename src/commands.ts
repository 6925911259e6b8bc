/** The explicit table of commands: oclif looks nothing up on disk. Each is small; what is heavy is loaded when it runs. */
import Active from './commands/active.ts'
import Adopt from './commands/adopt.ts'
import AgentLogs from './commands/agent/logs.ts'
import AgentRestart from './commands/agent/restart.ts'
import AgentStatus from './commands/agent/status.ts'
import AgentUpgrade from './commands/agent/upgrade.ts'
import CertIssue from './commands/cert/issue.ts'
import CertLs from './commands/cert/ls.ts'
import CertPush from './commands/cert/push.ts'
import CertRenew from './commands/cert/renew.ts'
import CertRevoke from './commands/cert/revoke.ts'
import CertRotateCa from './commands/cert/rotate-ca.ts'
import CliPlugin from './commands/cli-plugin.ts'
import Completion from './commands/completion.ts'
import Config from './commands/config.ts'
import Context from './commands/context.ts'
import Create from './commands/create.ts'
import Doctor from './commands/doctor.ts'
import Drivers from './commands/drivers.ts'
import Env from './commands/env.ts'
import Export from './commands/export.ts'
import Import from './commands/import.ts'
import Inspect from './commands/inspect.ts'
import Ip from './commands/ip.ts'
import Kill from './commands/kill.ts'
import Ls from './commands/ls.ts'
import Modify from './commands/modify.ts'
import Mount from './commands/mount.ts'
import Provision from './commands/provision.ts'
import RegenerateCerts from './commands/regenerate-certs.ts'
import Rename from './commands/rename.ts'
import Restart from './commands/restart.ts'
import Rm from './commands/rm.ts'
import Scp from './commands/scp.ts'
import Share from './commands/share.ts'
import Ssh from './commands/ssh.ts'
import Start from './commands/start.ts'
import Status from './commands/status.ts'
import Stop from './commands/stop.ts'
import { sweepCommands } from './commands/sweep.ts'
import Unset from './commands/unset.ts'
import UpdateLabels from './commands/update-labels.ts'
import Upgrade from './commands/upgrade.ts'
import Url from './commands/url.ts'
import Version from './commands/version.ts'

export const COMMANDS = {
  active: Active,
  adopt: Adopt,
  'agent:logs': AgentLogs,
  'agent:restart': AgentRestart,
  'agent:status': AgentStatus,
  'agent:upgrade': AgentUpgrade,
  'cert:issue': CertIssue,
  'cert:ls': CertLs,
  'cert:push': CertPush,
  'cert:renew': CertRenew,
  'cert:revoke': CertRevoke,
  'cert:rotate-ca': CertRotateCa,
  'cli-plugin': CliPlugin,
  completion: Completion,
  config: Config,
  context: Context,
  create: Create,
  doctor: Doctor,
  drivers: Drivers,
  env: Env,
  export: Export,
  import: Import,
  inspect: Inspect,
  ip: Ip,
  kill: Kill,
  ls: Ls,
  modify: Modify,
  mount: Mount,
  provision: Provision,
  'regenerate-certs': RegenerateCerts,
  rename: Rename,
  restart: Restart,
  rm: Rm,
  scp: Scp,
  share: Share,
  ssh: Ssh,
  start: Start,
  status: Status,
  stop: Stop,
  unset: Unset,
  'update-labels': UpdateLabels,
  upgrade: Upgrade,
  url: Url,
  version: Version,
  ...sweepCommands(),
}
