/** A container on a machine: the machine says where its engine is and how to speak to it. */
import { Machine } from '@machinehosts/machine/pulumi'
import * as docker from '@pulumi/docker'

const host = new Machine('host', { driver: 'nspawn' })
const provider = new docker.Provider('host', host.dockerProvider)

const image = new docker.RemoteImage('nginx', { name: 'nginx:stable' }, { provider })
const web = new docker.Container(
  'web',
  { image: image.repoDigest, ports: [{ internal: 80, external: 8080 }] },
  { provider },
)

export const url = host.address.apply(address => `http://${address}:8080`)
export const container = web.name
