/** An instance that @pulumi/aws made gets an engine; when the program lets go of it, the instance is its maker's again. */
import { ExistingMachine } from '@machinehosts/machine/pulumi'
import * as aws from '@pulumi/aws'
import * as pulumi from '@pulumi/pulumi'

const config = new pulumi.Config()
const publicKey = config.require('publicKey')
const privateKey = config.requireSecret('privateKey')

const key = new aws.ec2.KeyPair('web', { publicKey })
const reach = new aws.ec2.SecurityGroup('web', {
  ingress: [22, 2376].map(port => ({
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    cidrBlocks: [config.require('myCidr')],
  })),
  egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }],
})
const image = aws.ec2.getAmiOutput({
  owners: ['136693071363'], // Debian
  mostRecent: true,
  filters: [{ name: 'name', values: ['debian-13-amd64-*'] }],
})
const instance = new aws.ec2.Instance('web', {
  ami: image.id,
  instanceType: 't3.small',
  keyName: key.keyName,
  vpcSecurityGroupIds: [reach.id],
})

const web = new ExistingMachine('web', { address: instance.publicIp, user: 'admin', privateKey })

export const dockerHost = web.dockerHost
