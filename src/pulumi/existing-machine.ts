/** A host somebody else made, as an instance of `@pulumi/aws` or `@pulumi/alicloud`: an engine is put on it, and it stays when this goes. */
import type * as pulumi from '@pulumi/pulumi'
import type { CommonArgs } from './args.ts'
import { Machine } from './machine.ts'

export interface ExistingMachineArgs extends CommonArgs {
  /** IP address or name of the host. */
  address: pulumi.Input<string>
  /** User to log in as, with sudo where it is not root; root by default. */
  user?: pulumi.Input<string>
  /** Port of the SSH server, 22 by default. */
  sshPort?: pulumi.Input<number>
  /** Text of the private key. Without one, the SSH agent and the user's own keys are tried. */
  privateKey?: pulumi.Input<string>
}

export class ExistingMachine extends Machine {
  constructor(name: string, args: ExistingMachineArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { address, user, sshPort, ...common } = args
    const generic = {
      ipAddress: address,
      ...(user === undefined ? {} : { sshUser: user }),
      ...(sshPort === undefined ? {} : { sshPort }),
    }
    super(name, { ...common, driver: 'generic', generic }, opts)
  }
}
