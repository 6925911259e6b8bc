import type { Config } from '../driver.ts'

/** Docker Machine's flags, and an alias of the user's ssh_config. The address is required unless there is an alias. */
export const flags = {
  enginePort: {
    type: 'int',
    help: 'port the engine listens on',
    env: 'GENERIC_ENGINE_PORT',
    sameAs: 'engine-port',
  },
  ipAddress: { type: 'string', help: 'IP address or name of the host', env: 'GENERIC_IP_ADDRESS' },
  sshUser: { type: 'string', help: 'user to log in as (root)', env: 'GENERIC_SSH_USER' },
  sshKey: {
    type: 'string',
    help: "private key file; without one, the SSH agent and the user's own",
    env: 'GENERIC_SSH_KEY',
    path: 'file',
  },
  sshPort: { type: 'int', help: 'port of the SSH server (22)', env: 'GENERIC_SSH_PORT' },
  sshAlias: { type: 'string', help: 'Host of ~/.ssh/config to take all this from', env: 'GENERIC_SSH_ALIAS' },
} as const

export type GenericConfig = Config<typeof flags>
