/** Who does what each service is asked for. */

import { Problem } from '../../cloud/problem.ts'
import type { Keys } from '../keys.ts'
import type { Service } from '../tables/index.ts'
import type { Handler, Handlers } from '../world.ts'
import { balancers } from './balancers.ts'
import { catalogue } from './catalogue.ts'
import { disks } from './disks.ts'
import { eips } from './eips.ts'
import { groups } from './groups.ts'
import { instances } from './instances.ts'
import { keyPairs } from './key-pairs.ts'
import { resize } from './resize.ts'
import { routes } from './routes.ts'
import { stsHandlers } from './sts.ts'
import { tags } from './tags.ts'
import { vpcs } from './vpcs.ts'

export function handlersOf(keys: Keys): (service: Service, action: string) => Handler {
  const network = { ...vpcs, ...eips, ...routes }
  const all: Readonly<Record<Service, Handlers>> = {
    ecs: { ...network, ...catalogue, ...instances, ...resize, ...disks, ...groups, ...keyPairs, ...tags },
    vpc: { ...catalogue, ...network, ...tags },
    slb: balancers,
    sts: stsHandlers(keys),
  }
  return (service, action) => {
    const handlers = all[service]
    const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined
    if (!handler) throw new Problem('KitNotImplemented', `the stand-in cloud does nothing for ${action}`, 501)
    return handler
  }
}
