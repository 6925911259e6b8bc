/** A machine as a resource. */
import * as pulumi from '@pulumi/pulumi'
import type { MachineArgs } from './args.ts'
import { claimFor } from './claim.ts'
import { secretsOf, withSecretsMarked } from './secrets.ts'
import { serialized } from './serialized.ts'
import { MODULE, urnOf } from './urn.ts'

/** What only the machine's owner may see. */
const SECRETS = ['ca', 'cert', 'key', 'caKey', 'sshPrivateKey', 'files']
/** What only the provider knows. */
const OUTPUTS = [
  ...['state', 'phase', 'address', 'dockerHost', 'engineVersion', 'drift', 'due'],
  ...['sshHost', 'sshPort', 'sshHostKeys'],
  ...SECRETS,
]

/** Arguments of `@pulumi/docker`'s provider that have to do with where the engine is. */
export interface DockerProviderArgs {
  host: pulumi.Output<string>
  caMaterial: pulumi.Output<string>
  certMaterial: pulumi.Output<string>
  keyMaterial: pulumi.Output<string>
}

/** A Docker host: made, provisioned, kept as it should be, and removed. */
export class Machine extends pulumi.dynamic.Resource {
  /** Name of the machine and its host. */
  declare readonly name: pulumi.Output<string>
  /** Driver that made it. */
  declare readonly driver: pulumi.Output<string>
  /** As its provider says: 'Running', 'Stopped' … */
  declare readonly state: pulumi.Output<string>
  /** IP address or host name. */
  declare readonly address: pulumi.Output<string>
  /** `tcp://address:port`, for DOCKER_HOST. */
  declare readonly dockerHost: pulumi.Output<string>
  declare readonly engineVersion: pulumi.Output<string>
  /** `user@address`; '' where there is nothing to log in to. */
  declare readonly sshHost: pulumi.Output<string>
  declare readonly sshPort: pulumi.Output<number>
  /** Host keys that were pinned, 'ssh-ed25519 AAAA…'. */
  declare readonly sshHostKeys: pulumi.Output<string[]>
  /** The key to log in with; '' where SSH agents or other files have it. Secret. */
  declare readonly sshPrivateKey: pulumi.Output<string>
  /** ca.pem of DOCKER_CERT_PATH. Secret, as all that follow. */
  declare readonly ca: pulumi.Output<string>
  /** cert.pem of DOCKER_CERT_PATH. */
  declare readonly cert: pulumi.Output<string>
  /** key.pem of DOCKER_CERT_PATH. */
  declare readonly key: pulumi.Output<string>
  /** Key of the CA the machine got for itself; '' where the CA came from elsewhere. */
  declare readonly caKey: pulumi.Output<string>
  /** What the last refresh found to be not as it should; the next update mends it. */
  declare readonly drift: pulumi.Output<string[]>
  /** ISO 8601: from then on an update renews certificates. */
  declare readonly due: pulumi.Output<string>

  constructor(name: string, args: MachineArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const { props, claimed } = propsOf(name, args as Record<string, pulumi.Input<unknown>>, opts)
    const claim = claimFor(name, claimed, opts)
    super(
      serialized('machine'),
      name,
      // Asking for the claim's folder, it comes after the claim and goes before it.
      { ...Object.fromEntries(OUTPUTS.map(output => [output, undefined])), ...props, home: claim.home },
      { ...opts, additionalSecretOutputs: [...(opts.additionalSecretOutputs ?? []), ...SECRETS] },
      MODULE,
      'Machine',
    )
  }

  /** The CA the machine got for itself, for a ClientCertificate or further machines. */
  get caCert(): pulumi.Output<string> {
    return this.ca
  }

  /** What `new docker.Provider('web', …)` of `@pulumi/docker` is to be told. */
  get dockerProvider(): DockerProviderArgs {
    return { host: this.dockerHost, caMaterial: this.ca, certMaterial: this.cert, keyMaterial: this.key }
  }
}

/** The inputs as the provider gets them, and what the claim is to know to clean up after a crash. */
function propsOf(name: string, args: Record<string, pulumi.Input<unknown>>, opts: pulumi.CustomResourceOptions) {
  const resource = urnOf('Machine', name, opts)
  const { driver, privateKey, store } = args
  const { customTimeouts: timeouts } = opts
  const props: pulumi.Inputs = { ...args, resource, ...(timeouts ? { timeouts } : {}) }
  if (privateKey !== undefined) props.privateKey = pulumi.secret(privateKey)
  if (args.authority !== undefined) props.authority = authorityOf(args.authority)
  const machine: pulumi.Inputs = { ...(store === undefined ? {} : { store }) }
  const settings = typeof driver === 'string' ? args[driver] : undefined
  if (typeof driver === 'string' && settings !== undefined) {
    const its = settings as pulumi.Input<Record<string, pulumi.Input<unknown>>>
    props[driver] = withSecretsMarked(driver, its)
    machine.driver = driver
    machine[driver] = secretsOf(driver, its)
  }
  return { props, claimed: { resource, machine } }
}

/** The two texts alone: what is handed in may be a whole resource. */
function authorityOf(authority: pulumi.Input<unknown>): pulumi.Output<unknown> {
  const given = authority as { caCert: pulumi.Input<string>; caKey: pulumi.Input<string> }
  if (pulumi.Resource.isInstance(authority) || !pulumi.Output.isInstance(authority))
    return pulumi.secret({ caCert: given.caCert, caKey: given.caKey })
  return pulumi.secret((authority as pulumi.Output<typeof given>).apply(({ caCert, caKey }) => ({ caCert, caKey })))
}
