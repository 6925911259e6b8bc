/** Classic load balancers: who stands behind one. */
import type { Data } from '../../cloud/data.ts'
import { refuseUnless } from '../../cloud/problem.ts'
import { instanceOf } from '../instance-view.ts'
import { byNumber } from '../lists.ts'
import { found, invalid } from '../problem.ts'
import type { Ask, Balancer, Handlers, World } from '../world.ts'

function balancerOf({ parameters: p }: Ask, { balancers }: World): Balancer {
  return found(
    balancers.get(String(p.LoadBalancerId)),
    'InvalidLoadBalancerId.NotFound',
    'The specified LoadBalancerId does not exist.',
  )
}

function readServers(p: Data): Data[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(String(p.BackendServers))
  } catch {
    throw invalid('BackendServers', 'a JSON array of objects')
  }
  const list = parsed as Data[]
  if (!Array.isArray(list) || list.length === 0 || list.length > 20) throw invalid('BackendServers', '1 to 20 servers')
  for (const server of list) {
    if (typeof server?.ServerId !== 'string') throw invalid('BackendServers', 'each with a ServerId')
    const weight = Number(server.Weight ?? 100)
    if (!(Number.isInteger(weight) && weight >= 0 && weight <= 100)) throw invalid('BackendServers', 'Weight 0 to 100')
  }
  return list
}

const view = (balancer: Balancer): Data => ({
  LoadBalancerId: balancer.id,
  LoadBalancerName: balancer.id,
  LoadBalancerStatus: 'active',
  Address: balancer.address,
  AddressType: 'internet',
  NetworkType: 'classic',
  RegionId: balancer.region,
})

const backends = (balancer: Balancer): Data => ({
  BackendServers: { BackendServer: balancer.backends.map(each => ({ ...each, Type: 'ecs' })) },
})

export const balancers: Handlers = {
  DescribeLoadBalancerAttribute(ask, world) {
    const balancer = balancerOf(ask, world)
    return () => ({
      ...view(balancer),
      ...backends(balancer),
      ListenerPorts: { ListenerPort: [2376] },
      ListenerPortsAndProtocol: { ListenerPortAndProtocol: [{ ListenerPort: 2376, ListenerProtocol: 'tcp' }] },
    })
  },
  DescribeLoadBalancers({ parameters: p, region }, world) {
    const all = [...world.balancers.values()].filter(
      each => each.region === region && (p.LoadBalancerId ?? each.id) === each.id,
    )
    const { page, about } = byNumber(all, p)
    return () => ({ ...about, LoadBalancers: { LoadBalancer: page.map(view) } })
  },
  DescribeHealthStatus(ask, world) {
    const balancer = balancerOf(ask, world)
    const healths = balancer.backends.map(({ ServerId }) => ({ ServerId, ServerHealthStatus: 'normal' }))
    return () => ({ BackendServers: { BackendServer: healths } })
  },
  AddBackendServers(ask, world) {
    const balancer = balancerOf(ask, world)
    const servers = readServers(ask.parameters)
    for (const { ServerId: id } of servers) {
      instanceOf(id, world, balancer.region)
      // What the real code is of a server that is there already is not documented; that it is an error is.
      refuseUnless(
        !balancer.backends.some(each => each.ServerId === id),
        'InvalidParameter.ServerIdExist',
        'The specified ServerId already exists.',
      )
    }
    return () => {
      for (const { ServerId: id, Weight: weight } of servers)
        if (!balancer.backends.some(each => each.ServerId === id))
          balancer.backends.push({ ServerId: String(id), Weight: Number(weight ?? 100) })
      return { LoadBalancerId: balancer.id, ...backends(balancer) }
    }
  },
  RemoveBackendServers(ask, world) {
    const balancer = balancerOf(ask, world)
    // Those that are not there are passed over.
    const ids = readServers(ask.parameters).map(server => server.ServerId)
    return () => {
      balancer.backends = balancer.backends.filter(each => !ids.includes(each.ServerId))
      return { LoadBalancerId: balancer.id, ...backends(balancer) }
    }
  },
}
