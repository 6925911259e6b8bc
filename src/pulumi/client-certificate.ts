/** A client certificate for somebody, or for a program. */
import * as pulumi from '@pulumi/pulumi'
import type { Authority } from './args.ts'
import { serialized } from './serialized.ts'
import { MODULE } from './urn.ts'

export interface ClientCertificateArgs {
  /** Who signs: a CertificateAuthority, or a Machine that got a CA of its own. */
  authority: Authority
  /** Whom it is for; the resource's name by default. */
  label?: pulumi.Input<string>
  /** What it may do where the engine has its agent; admin by default. */
  role?: pulumi.Input<'admin' | 'operator' | 'viewer'>
  /** Life in days, 90 by default. An `up` in the last third of it, or in the last 30 days, renews it. */
  days?: pulumi.Input<number>
}

const SECRETS = ['key']

export class ClientCertificate extends pulumi.dynamic.Resource {
  /** ca.pem of DOCKER_CERT_PATH. */
  declare readonly ca: pulumi.Output<string>
  /** cert.pem of DOCKER_CERT_PATH. */
  declare readonly cert: pulumi.Output<string>
  /** key.pem of DOCKER_CERT_PATH. Secret. */
  declare readonly key: pulumi.Output<string>
  /** Serial number, hexadecimal: what `machine cert revoke` takes. */
  declare readonly serial: pulumi.Output<string>
  /** ISO 8601. */
  declare readonly expires: pulumi.Output<string>
  /** ISO 8601: from then on an `up` renews it. */
  declare readonly due: pulumi.Output<string>

  constructor(name: string, args: ClientCertificateArgs, opts: pulumi.CustomResourceOptions = {}) {
    const outputs = {
      ca: undefined,
      cert: undefined,
      key: undefined,
      serial: undefined,
      expires: undefined,
      due: undefined,
    }
    const { caCert, caKey } = args.authority
    const props = { label: name, ...args, authority: pulumi.secret({ caCert, caKey }) }
    const additionalSecretOutputs = [...(opts.additionalSecretOutputs ?? []), ...SECRETS]
    const its = { ...opts, additionalSecretOutputs }
    super(serialized('client'), name, { ...outputs, ...props }, its, MODULE, 'ClientCertificate')
  }
}
