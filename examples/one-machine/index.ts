/** A Docker host on this computer, with what it takes to use it. */
import { Machine } from '@machinehosts/machine/pulumi'

const dev = new Machine('dev', { driver: 'nspawn', engine: { labels: { role: 'dev' } } })

export const dockerHost = dev.dockerHost
export const engineVersion = dev.engineVersion
// Files of DOCKER_CERT_PATH: `pulumi stack output --show-secrets ca > ca.pem` …
export const { ca, cert, key } = dev
