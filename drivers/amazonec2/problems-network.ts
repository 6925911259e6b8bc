/** No answer, or none of EC2's. `f.code` is Node's here. */

import type { Where } from '../cloud/problem.ts'
import { goesThroughProxies } from '../cloud/proxy.ts'
import type { Problem } from './problem.ts'

function behindProxy({ proxy }: Where): string {
  if (!goesThroughProxies()) return 'to go through a proxy, run it on Node 22.21, 24.5 or newer'
  return proxy
    ? `requests go through the proxy ${proxy}: check HTTPS_PROXY and NO_PROXY`
    : 'behind a proxy, set HTTPS_PROXY'
}

export const ENDPOINT_HINT = 'check --amazonec2-endpoint and AWS_ENDPOINT_URL'
export const SERVICE_HINT = 'AWS may have trouble: health.aws.amazon.com tells; try again'

export const NETWORK_PROBLEMS: readonly Problem[] = [
  {
    when: /^(ENOTFOUND|EAI_\w+|ESERVFAIL)$/,
    code: 'EC2_UNREACHABLE',
    tell: (_, { host }) => `the name ${host} of the EC2 API cannot be looked up`,
    hints: (_, where) => [`check --amazonec2-region and the network of this computer; ${behindProxy(where)}`],
  },
  {
    when: /^ECONNREFUSED$/,
    code: 'EC2_UNREACHABLE',
    tell: (_, { host, proxy }) => `${proxy ? `the proxy ${proxy}` : `the EC2 API at ${host}`} refuses connections`,
    hints: (_, { proxy }) => [proxy ? 'check HTTPS_PROXY and NO_PROXY' : ENDPOINT_HINT],
  },
  {
    when: /^(ERR_PROXY_\w+)$/,
    code: 'EC2_UNREACHABLE',
    tell: (f, { proxy }) => `the proxy ${proxy ?? ''} does not let us through: ${f.message}`,
    hints: () => ['check HTTPS_PROXY, NO_PROXY and what the proxy allows'],
  },
  {
    when: /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    code: 'EC2_UNREACHABLE',
    tell: (_, { host }) => `there is no way from this computer to the EC2 API at ${host}`,
    hints: (_, where) => [`check its network; ${behindProxy(where)}`],
  },
  {
    when: /CERT|^UNABLE_TO_|SELF_SIGNED|^ERR_TLS|^ERR_SSL|^EPROTO$/,
    code: 'EC2_UNREACHABLE',
    tell: (f, { host }) => `the connection to ${host} is not to be trusted: ${f.message}`,
    hints: () => [
      'something between here and AWS may open TLS: give its CA in NODE_EXTRA_CA_CERTS; or the clock is wrong',
    ],
  },
  {
    when: /^(TimeoutError|ETIMEDOUT|ESOCKETTIMEDOUT)$/,
    code: 'EC2_UNREACHABLE',
    tell: (f, { host }) => `the EC2 API at ${host} did not answer ${f.action} in time`,
    hints: (_, where) => [`check the network of this computer; ${behindProxy(where)}`],
  },
  {
    when: /^(ECONNRESET|ECONNABORTED|EPIPE|HPE_\w+|UND_ERR_\w+)$/,
    code: 'EC2_UNREACHABLE',
    tell: (f, { host }) => `the connection to the EC2 API at ${host} broke off during ${f.action}`,
    hints: (_, where) => [`try again; ${behindProxy(where)}`],
  },
]

export const SERVICE_PROBLEMS: readonly Problem[] = [
  {
    when: /^(RequestLimitExceeded|Throttl\w*|RequestThrottled\w*|EC2Throttled\w*|TooManyRequests\w*|SlowDown)$/,
    code: 'EC2_THROTTLED',
    tell: ({ action }, { region }) => `AWS takes no more requests for now (${action}, region ${region})`,
    hints: () => ['try again in a minute; --amazonec2-retries N repeats more often than the 5 times of the default'],
  },
  {
    when: /^(InvalidAction|NoSuchVersion|UnknownOperation\w*)$/,
    code: 'EC2_UNREACHABLE',
    tell: ({ action }, { host }) => `what answers at ${host} does not know ${action}: it is no EC2 API`,
    hints: () => [ENDPOINT_HINT],
  },
  {
    when: /^(Internal(Error|Failure|ServerError)|ServiceUnavailable|Unavailable)$/,
    code: 'EC2_SERVICE',
    tell: ({ action }, { region }) => `EC2 in ${region} failed at ${action}`,
    hints: () => [SERVICE_HINT],
  },
]
