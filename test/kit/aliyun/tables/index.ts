/** All actions, by the service whose endpoint takes them. */
import type { Actions } from '../kinds.ts'
import { access } from './access.ts'
import { catalogue, zonesOfVpc } from './catalogue.ts'
import { instances } from './instances.ts'
import { launch } from './launch.ts'
import { network, oldNetwork } from './network.ts'
import { resize } from './resize.ts'
import { slb, sts } from './services.ts'

export type Service = 'ecs' | 'vpc' | 'slb' | 'sts'

export const SERVICES: Readonly<Record<Service, { readonly version: string; readonly actions: Actions }>> = {
  ecs: {
    version: '2014-05-26',
    actions: { ...catalogue, ...launch, ...instances, ...resize, ...access, ...oldNetwork },
  },
  vpc: { version: '2016-04-28', actions: { ...zonesOfVpc, ...network } },
  slb: { version: '2014-05-15', actions: slb },
  sts: { version: '2015-04-01', actions: sts },
}
