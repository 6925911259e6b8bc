import { nspawnHosts } from '../hosts/aliyun-hosts.ts'
import { startAliyun } from '../kit/aliyun/cloud.ts'
import { testSubnet } from '../kit/places.ts'
import { benchCloud, type CloudBench } from './cloud.ts'

const FLAGS = ['--aliyunecs-eip', '--aliyunecs-disk-size', '20']

/** All is to be made: key pair, VPC, vSwitch, shared group, instance with a data disk, elastic address. */
export async function benchAliyun(): Promise<CloudBench> {
  const makeHost = nspawnHosts({ subnet: testSubnet('bench') })
  await using cloud = await startAliyun({ hosts: 'nspawn', makeHost, defaultVpc: false })
  return await benchCloud(cloud, { title: 'Alibaba Cloud', driver: 'aliyunecs', flags: FLAGS, budget: 14 })
}
