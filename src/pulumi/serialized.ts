/**
 * The part of a resource that lies in the stack's state, as text. Pulumi serializes these functions with all that they name, so
 * they name nothing but the word of their kind: one line each, the same in every stack and every version of this package.
 */
import type { dynamic } from '@pulumi/pulumi'
import type { Kind } from './core/index.ts'

export function serialized(kind: Kind): dynamic.ResourceProvider {
  return {
    check: (olds, news) =>
      import('@machinehosts/machine/pulumi/provider').then(m => m.provider(kind).check(olds, news)),
    diff: (id, o, n) => import('@machinehosts/machine/pulumi/provider').then(m => m.provider(kind).diff(id, o, n)),
    create: inputs => import('@machinehosts/machine/pulumi/provider').then(m => m.provider(kind).create(inputs)),
    read: (id, props) => import('@machinehosts/machine/pulumi/provider').then(m => m.provider(kind).read(id, props)),
    update: (id, o, n) => import('@machinehosts/machine/pulumi/provider').then(m => m.provider(kind).update(id, o, n)),
    delete: (id, props) =>
      import('@machinehosts/machine/pulumi/provider').then(m => m.provider(kind).delete(id, props)),
  }
}
