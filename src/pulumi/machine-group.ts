/** Several machines of one kind. */
import * as pulumi from '@pulumi/pulumi'
import type { MachineArgs } from './args.ts'
import { CertificateAuthority } from './certificate-authority.ts'
import { Machine } from './machine.ts'

export interface MachineGroupArgs {
  /** How many; they are called `<group>-1`, `<group>-2` … */
  count?: number
  /** Their names instead; a name that goes takes its machine along, and no other. */
  names?: string[]
  /** What each is; a function gets its name and its place, from 0. */
  machine: MachineArgs | ((name: string, index: number) => MachineArgs)
  /**
   * One after the other: a machine that has to be made anew is, before the next one is touched. Without it all are made and
   * replaced at once.
   */
  rolling?: boolean
}

export class MachineGroup extends pulumi.ComponentResource {
  readonly machines: readonly Machine[]
  /** The CA all of them share, unless their arguments name another. */
  readonly authority: CertificateAuthority
  /** DOCKER_HOST of each, in their order. */
  readonly dockerHosts: pulumi.Output<string[]>
  readonly addresses: pulumi.Output<string[]>

  constructor(name: string, args: MachineGroupArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super('machinehosts:index:MachineGroup', name, {}, opts)
    this.authority = new CertificateAuthority(`${name}-ca`, {}, { parent: this })
    const { machine, rolling = false } = args
    const machines: Machine[] = []
    for (const [i, each] of namesOf(name, args).entries()) {
      const its = typeof machine === 'function' ? machine(each, i) : machine
      const last = machines.at(-1)
      const order = rolling ? { deleteBeforeReplace: true, ...(last ? { dependsOn: [last] } : {}) } : {}
      machines.push(new Machine(each, { authority: this.authority, ...its }, { parent: this, ...order }))
    }
    this.machines = machines
    this.dockerHosts = pulumi.all(machines.map(m => m.dockerHost))
    this.addresses = pulumi.all(machines.map(m => m.address))
    this.registerOutputs({ dockerHosts: this.dockerHosts, addresses: this.addresses })
  }
}

function namesOf(group: string, { count, names }: MachineGroupArgs): string[] {
  if (names && count !== undefined && names.length !== count)
    throw new Error(`group ${group} has ${names.length} names and a count of ${count}: leave one out`)
  const all = names ?? Array.from({ length: count ?? 1 }, (_, i) => `${group}-${i + 1}`)
  const twice = all.find((each, i) => all.indexOf(each) !== i)
  if (twice !== undefined) throw new Error(`group ${group} has two machines called ${twice}`)
  return all
}
