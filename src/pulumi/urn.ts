/** The URN a resource will have, as its provider gets to know it: Pulumi does not hand it on. */
import * as pulumi from '@pulumi/pulumi'

/** Dynamic providers' types all begin so. */
export const MODULE = 'machine'

export function urnOf(type: string, name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { parent } = opts
  // A plain promise: a resource that depended on its parent would wait for itself.
  const above = parent && new Promise<string>(resolve => void parent.urn.apply(resolve))
  return pulumi.createUrn(name, `pulumi-nodejs:dynamic/${MODULE}:${type}`, above && pulumi.output(above))
}
