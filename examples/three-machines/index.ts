/** Three hosts that share a CA: one client certificate is good on all of them. A change that needs new ones takes them in turn. */
import { ClientCertificate, MachineGroup } from '@machinehosts/machine/pulumi'

const web = new MachineGroup('web', {
  count: 3,
  rolling: true,
  machine: (name, index) => ({ driver: 'nspawn', engine: { labels: { name, place: String(index) } } }),
})

/** For a monitor: it may look and change nothing; `pulumi up` renews it. */
const monitor = new ClientCertificate('monitor', { authority: web.authority, role: 'viewer', days: 30 })

export const dockerHosts = web.dockerHosts
export const monitorKeys = { ca: monitor.ca, cert: monitor.cert, key: monitor.key }
