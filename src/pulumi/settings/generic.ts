/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver generic: a host that is there already, reached over SSH. */
export interface GenericSettings {
  /** port the engine listens on (env GENERIC_ENGINE_PORT) */
  enginePort?: Input<number>
  /** IP address or name of the host (env GENERIC_IP_ADDRESS) */
  ipAddress?: Input<string>
  /** user to log in as (root) (env GENERIC_SSH_USER) */
  sshUser?: Input<string>
  /** private key file; without one, the SSH agent and the user's own (env GENERIC_SSH_KEY) */
  sshKey?: Input<string>
  /** port of the SSH server (22) (env GENERIC_SSH_PORT) */
  sshPort?: Input<number>
  /** Host of ~/.ssh/config to take all this from (env GENERIC_SSH_ALIAS) */
  sshAlias?: Input<string>
}
