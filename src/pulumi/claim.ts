/** The resource beside each machine that removes what a killed attempt left: see core/claim.ts. */
import * as pulumi from '@pulumi/pulumi'
import { serialized } from './serialized.ts'
import { MODULE } from './urn.ts'

export class Claim extends pulumi.dynamic.Resource {
  /** Name of the folder that the machine's working files are to lie in. */
  declare readonly home: pulumi.Output<string>

  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(serialized('claim'), name, { home: undefined, ...props }, opts, MODULE, 'Claim')
  }
}

const SUFFIX = '-claim'

/** Made before the machine, with its options as far as they are about where it stands and whether it stays. */
export function claimFor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions): Claim {
  const { parent, provider, protect, retainOnDelete, dependsOn, aliases } = opts
  const its = { parent, provider, protect, retainOnDelete, dependsOn, aliases: aliases?.map(aliasOf) }
  const given = Object.entries(its).filter(([, value]) => value !== undefined)
  return new Claim(`${name}${SUFFIX}`, props, Object.fromEntries(given))
}

/** A machine that had another name had another claim. */
function aliasOf(alias: pulumi.Input<pulumi.URN | pulumi.Alias>): pulumi.Input<pulumi.URN | pulumi.Alias> {
  return pulumi.output(alias).apply(its => {
    if (typeof its === 'string') return its.replace(/:Machine::(.*)$/, `:Claim::$1${SUFFIX}`)
    const { name, type: _, ...others } = its as pulumi.Alias
    return { ...others, ...(name === undefined ? {} : { name: pulumi.interpolate`${name}${SUFFIX}` }) }
  }) as pulumi.Output<pulumi.URN>
}
