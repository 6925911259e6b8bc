import { expect, test } from '@jest/globals'
import { parseMapping } from '../../../../drivers/amazonec2/block-devices.ts'

test.each([
  ['/dev/sdf=100', { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100 } }],
  ['xvdb=100:gp3', { DeviceName: 'xvdb', Ebs: { VolumeSize: 100, VolumeType: 'gp3' } }],
  [
    'DeviceName=/dev/sdf,VolumeSize=10,VolumeType=io2,Iops=500,Encrypted=false,DeleteOnTermination=false,KmsKeyId=arn:aws:kms:x',
    {
      DeviceName: '/dev/sdf',
      Ebs: {
        VolumeSize: 10,
        VolumeType: 'io2',
        Iops: 500,
        Encrypted: false,
        DeleteOnTermination: false,
        KmsKeyId: 'arn:aws:kms:x',
      },
    },
  ],
  [
    'DeviceName=/dev/sdf,Ebs={SnapshotId=snap-1,Throughput=250}',
    { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-1', Throughput: 250 } },
  ],
  ['DeviceName=/dev/sdb,VirtualName=ephemeral0', { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }],
])('%s', (text, mapping) => expect(parseMapping(text)).toEqual(mapping))

test.each([
  ['100', '"100" is not KEY=VALUE'],
  ['VolumeSize=100', 'it names no device'],
  ['DeviceName=/dev/sdf', 'it has neither VolumeSize nor SnapshotId'],
  ['DeviceName=/dev/sdf,VolumeSize=big', '"VolumeSize=big" is nothing EC2 knows'],
  ['DeviceName=/dev/sdf,Size=1', '"Size=1" is nothing EC2 knows'],
  ['DeviceName=/dev/sdf,VolumeSize=1,Encrypted=yes', '"Encrypted=yes" is nothing EC2 knows'],
])('%s is refused', (text, why) => expect(() => parseMapping(text)).toThrow(why))
