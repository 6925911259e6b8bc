/** A CA that machines and client certificates of a program share. */
import * as pulumi from '@pulumi/pulumi'
import { serialized } from './serialized.ts'
import { MODULE } from './urn.ts'

export interface CertificateAuthorityArgs {
  /** Organisation in its subject; the user's name and computer by default. */
  owner?: pulumi.Input<string>
  /** Life in days, ten years by default. Another one makes another CA, and all that hangs on it anew. */
  days?: pulumi.Input<number>
}

const SECRETS = ['caKey']

export class CertificateAuthority extends pulumi.dynamic.Resource {
  /** The certificate, PEM. */
  declare readonly caCert: pulumi.Output<string>
  /** Its private key, PEM. Secret. */
  declare readonly caKey: pulumi.Output<string>
  /** ISO 8601. */
  declare readonly expires: pulumi.Output<string>

  constructor(name: string, args: CertificateAuthorityArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const outputs = { caCert: undefined, caKey: undefined, expires: undefined }
    const additionalSecretOutputs = [...(opts.additionalSecretOutputs ?? []), ...SECRETS]
    const its = { ...opts, additionalSecretOutputs }
    super(serialized('authority'), name, { ...outputs, ...args }, its, MODULE, 'CertificateAuthority')
  }
}
