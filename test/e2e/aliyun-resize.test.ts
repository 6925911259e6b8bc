/** Another instance type for a machine at Alibaba Cloud: see cloud-resize.ts. */
import { nspawnHosts } from '../hosts/aliyun-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { resizeSuite } from './cloud-resize.ts'

interface Answer {
  readonly Instances: { readonly Instance: { InstanceType: string; Status: string }[] }
}

resizeSuite<AliyunCloud>(
  {
    driver: 'aliyunecs',
    start: () => startAliyun({ hosts: 'nspawn', makeHost: nspawnHosts(), region: 'cn-qingdao' }),
    create: ['--aliyunecs-region', 'cn-qingdao'],
    types: ['ecs.c6.large', 'ecs.g6.large', 'ecs.g5.xlarge'],
    actions: { stop: 'StopInstance', change: 'ModifyInstanceSpec', start: 'StartInstance' },
    async seen(cloud) {
      await cloud.settled()
      const { Instances } = await cloud.ask<Answer>('DescribeInstances', { RegionId: 'cn-qingdao' })
      const [only] = Instances.Instance
      return `${only?.InstanceType} ${only?.Status.toLowerCase()}`
    },
    noRoom: {
      code: 'OperationDenied.NoStock',
      status: 403,
      says: /the zone has no instance of this type and kind left/,
    },
  },
  await whyNoHosts(),
)
