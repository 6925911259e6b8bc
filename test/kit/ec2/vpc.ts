/** An account without a default VPC: older ones, and those whose owner deleted it. */
import type { Moto } from './moto.ts'

export async function dropDefaultVpc(region: string, moto: Moto): Promise<void> {
  const filters = (name: string, value: string) => ({ Filters: [{ Name: name, Values: [value] }] })
  const { Vpcs: vpcs = [] } = await moto.call<{ Vpcs?: { VpcId: string }[] }>(
    region,
    'DescribeVpcs',
    filters('is-default', 'true'),
  )
  for (const { VpcId: vpc } of vpcs) {
    const { Subnets: subnets = [] } = await moto.call<{ Subnets?: { SubnetId: string }[] }>(
      region,
      'DescribeSubnets',
      filters('vpc-id', vpc),
    )
    for (const { SubnetId } of subnets) await moto.call(region, 'DeleteSubnet', { SubnetId })
    await moto.call(region, 'DeleteVpc', { VpcId: vpc })
  }
}
