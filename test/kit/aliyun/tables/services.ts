/** Parameters of the few actions used of SLB 2014-05-15 and STS 2015-04-01: pages of the documentation stand in each entry. */
import { clientToken, id, int, like, need, region, sized, table, text } from '../kinds.ts'

const balancer = { RegionId: text, LoadBalancerId: need(id('lb')) }
/** A JSON array of objects; read by the handler. */
const servers = need(like(/^\s*\[[\s\S]*\]\s*$/))

export const slb = table('Slb', '2014-05-15', {
  DescribeLoadBalancerAttribute: balancer,
  DescribeLoadBalancers: { ...region, LoadBalancerId: text, PageNumber: int(1), PageSize: int(1, 100) },
  AddBackendServers: { ...balancer, BackendServers: servers },
  RemoveBackendServers: { ...balancer, BackendServers: servers },
  DescribeHealthStatus: { ...balancer, ListenerPort: int(1, 65_535), ListenerProtocol: text },
})

export const sts = table('Sts', '2015-04-01', {
  AssumeRole: {
    RoleArn: need(like(/^acs:ram::\d+:role\/[\w.-]+$/, 'InvalidParameter.RoleArn')),
    RoleSessionName: need(like(/^[\w.@-]{2,64}$/, 'InvalidParameter.RoleSessionName')),
    DurationSeconds: int(900, 43_200),
    Policy: sized(1, 2048),
    ExternalId: like(/^[\w+=,.@:/-]{2,1224}$/),
    SourceIdentity: text,
    SourceArn: text,
    ClientToken: clientToken,
  },
  GetCallerIdentity: {},
})
