/** A host and a store as docker-machine left them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueServerCert, type KeyAndCert } from '../../src/certs/index.ts'
import type { TestHost } from '../hosts/host.ts'
import { dockerMachineClient } from './openssl.ts'

/** The drop-in docker-machine writes, on Debian's path of dockerd. */
const DROP_IN = `[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd -H tcp://0.0.0.0:2376 -H unix:///var/run/docker.sock --storage-driver overlay2 --tlsverify --tlscacert /etc/docker/ca.pem --tlscert /etc/docker/server.pem --tlskey /etc/docker/server-key.pem --label tier=1 --label provider=amazonec2 --insecure-registry 198.51.100.7:5000 --registry-mirror https://mirror.example --dns 192.0.2.1
Environment="HTTP_PROXY=http://u:geheim@192.0.2.1:1"
`

/** Docker Machine's certificates of a store. */
export function putDockerMachineCerts(store: string, ca: KeyAndCert): void {
  const client = dockerMachineClient(ca)
  mkdirSync(join(store, 'certs'), { recursive: true })
  const files = {
    'ca.pem': ca.certPem,
    'ca-key.pem': ca.keyPem,
    'cert.pem': client.certPem,
    'key.pem': client.keyPem,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(store, 'certs', name), text, { mode: 0o600 })
}

/** Its drop-in, an RSA key, a certificate of `ca` for the machine `aws1`; the engine runs with them. */
export async function setUpAsDockerMachine(host: TestHost, ca: KeyAndCert): Promise<void> {
  await host.exec('mkdir -p /etc/docker /etc/systemd/system/docker.service.d')
  await host.exec('openssl genrsa -out /etc/docker/server-key.pem 2048')
  const publicKeyPem = await host.exec('openssl rsa -in /etc/docker/server-key.pem -pubout 2>/dev/null')
  const server = await issueServerCert({
    ca,
    publicKeyPem: `${publicKeyPem.trim()}\n`,
    owner: 'someone',
    machine: 'aws1',
    names: [host.address, 'extra.example'],
    now: new Date(),
  })
  const put = (path: string, text: string) =>
    host.exec(`echo ${Buffer.from(text).toString('base64')} | base64 -d >${path}`)
  await put('/etc/docker/ca.pem', ca.certPem)
  await put('/etc/docker/server.pem', server)
  await put('/etc/systemd/system/docker.service.d/10-machine.conf', DROP_IN)
  await host.exec('systemctl daemon-reload && systemctl restart docker')
}
