/** The way to the API and the service itself. Alibaba Cloud's own words stand in the test. */
import type { Where } from '../cloud/problem.ts'
import { goesThroughProxies } from '../cloud/proxy.ts'
import type { Problem } from './problem.ts'

const aboutProxy = ({ proxy }: Where) =>
  proxy === undefined
    ? []
    : [
        goesThroughProxies()
          ? `requests go through the proxy ${proxy}: NO_PROXY excepts hosts from it`
          : `this Node does not go through the proxy ${proxy}: Node 22.21 or 24.5 do`,
      ]

export const SERVICE_PROBLEMS: readonly Problem[] = [
  {
    when: /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/,
    code: 'ECS_UNREACHABLE',
    tell: (_, { host }) => `the name ${host} is not known here`,
    hints: (_, where) => [
      `is --aliyunecs-region ${where.region} right, and does this computer reach the internet?`,
      ...aboutProxy(where),
    ],
  },
  {
    when: /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENETUNREACH|EHOSTUNREACH|ENETDOWN|HPE_\w+)$/,
    code: 'ECS_UNREACHABLE',
    tell: ({ code, action }, { host }) => `the connection to ${host} failed (${action}: ${code})`,
    hints: (_, where) => ['does this computer reach the internet? try again', ...aboutProxy(where)],
  },
  {
    when: /^(TimeoutError|ETIMEDOUT)$/,
    code: 'ECS_UNREACHABLE',
    tell: ({ action }, { host }) => `${host} did not answer ${action} in time`,
    hints: (_, where) => ['try again; does a firewall stand between?', ...aboutProxy(where)],
  },
  {
    when: /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/,
    code: 'ECS_UNREACHABLE',
    tell: (f, { host }) => `${host} does not prove that it is the API: ${f.message.replace(/\.$/, '')}`,
    hints: () => ['where a company opens TLS, NODE_EXTRA_CA_CERTS=file.pem names its CA'],
  },
  {
    when: /^Throttling|\.Throttling|^FlowControl|^TooManyRequests|^ServiceThrottling/,
    code: 'ECS_THROTTLED',
    tell: ({ action }) => `Alibaba Cloud takes no more calls of ${action} from this account for the moment`,
    hints: () => ['try again in a minute, and with fewer machines at once'],
  },
  {
    when: /^(InvalidAction|InvalidVersion|InvalidAction\.NotFound|UnsupportedOperation)$|^InvalidAction\./,
    code: 'ECS_REFUSED',
    tell: ({ action }, { host }) => `what answers at ${host} does not know ${action}: it is no such API`,
    hints: () => ['check --aliyunecs-api-endpoint, ECS_ENDPOINT and MACHINE_ALIYUNECS_VPC_ENDPOINT'],
  },
  {
    when: /^NotJson$/,
    code: 'ECS_SERVICE',
    tell: (f, { host }) => `${host} answers ${f.action} with something else than the API does: ${f.message}`,
    hints: (_, where) => ['try again; is it a proxy or a login page that answers?', ...aboutProxy(where)],
  },
  {
    when: /^(ServiceUnavailable|InternalError|InternalServerError|SystemBusy|ServiceBusy|UnknownError)(\.|$)|^HTTP5/,
    code: 'ECS_SERVICE',
    tell: ({ action }, { region }) => `Alibaba Cloud in ${region} failed at ${action}`,
    hints: () => ['it may have trouble: status.alibabacloud.com tells; try again'],
  },
]
