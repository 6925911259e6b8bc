/**
 * Docker hosts as resources of a Pulumi program; see docs/pulumi.md.
 *
 *     import { Machine } from '@machinehosts/machine/pulumi'
 *     const web = new Machine('web', { driver: 'nspawn' })
 *     export const dockerHost = web.dockerHost
 */
export type { Authority, CommonArgs, EngineArgs, MachineArgs } from './args.ts'
export { CertificateAuthority, type CertificateAuthorityArgs } from './certificate-authority.ts'
export { ClientCertificate, type ClientCertificateArgs } from './client-certificate.ts'
export { ExistingMachine, type ExistingMachineArgs } from './existing-machine.ts'
export { type DockerProviderArgs, Machine } from './machine.ts'
export { MachineGroup, type MachineGroupArgs } from './machine-group.ts'
export type { DriverSettings } from './settings/index.ts'
