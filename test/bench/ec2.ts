import { nspawnHosts } from '../hosts/ec2-hosts.ts'
import { startEc2 } from '../kit/ec2/cloud.ts'
import { testSubnet } from '../kit/places.ts'
import { benchCloud, type CloudBench } from './cloud.ts'

/** All is to be made: key pair, shared group, instance. */
export async function benchEc2(): Promise<CloudBench> {
  await using cloud = await startEc2({ hosts: 'nspawn', makeHost: nspawnHosts({ subnet: testSubnet('bench') }) })
  return await benchCloud(cloud, { title: 'EC2', driver: 'amazonec2', flags: [], budget: 12 })
}
