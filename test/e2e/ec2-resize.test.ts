/** Another instance type for a machine at EC2: see cloud-resize.ts. */
import { nspawnHosts } from '../hosts/ec2-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { resizeSuite } from './cloud-resize.ts'

resizeSuite<Ec2Cloud>(
  {
    driver: 'amazonec2',
    start: () => startEc2({ hosts: 'nspawn', makeHost: nspawnHosts() }),
    create: [],
    types: ['t3.micro', 't3.large', 'm5.large'],
    actions: { stop: 'StopInstances', change: 'ModifyInstanceAttribute', start: 'StartInstances' },
    async seen(cloud) {
      await cloud.settled()
      return await cloud.boto<string>(`
i = [i for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]][0]
show(i["InstanceType"] + " " + i["State"]["Name"])`)
    },
    noRoom: { code: 'InsufficientInstanceCapacity', status: 400, says: /AWS has no capacity of this type left/ },
  },
  (await whyNoHosts()) ?? whyNoMoto(),
)
