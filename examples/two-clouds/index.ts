/** One host at Alibaba Cloud, one at AWS, in one program. Keys come from where their own tools find them. */
import { CertificateAuthority, Machine } from '@machinehosts/machine/pulumi'

const authority = new CertificateAuthority('shop')

const east = new Machine('east', {
  driver: 'aliyunecs',
  aliyunecs: { region: 'cn-qingdao', instanceType: 'ecs.g7.large' },
  engine: { mirror: 'aliyun', labels: { place: 'east' } },
  authority,
})

const west = new Machine(
  'west',
  {
    driver: 'amazonec2',
    amazonec2: { region: 'eu-central-1', instanceType: 't3.small' },
    engine: { labels: { place: 'west' } },
    authority,
  },
  { customTimeouts: { create: '20m' } },
)

export const dockerHosts = { east: east.dockerHost, west: west.dockerHost }
