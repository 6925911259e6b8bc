/** What stands in the account: all that costs, and all that stays when somebody forgets it. */
import type { World } from './world.ts'

/** One line a thing: 'key-pair docker-machine-web'. */
export function listThings(world: World): string[] {
  return [
    ...[...world.instances.values()]
      .filter(({ life }) => life.goneAt === undefined)
      .map(({ id, life }) => `instance ${id} ${life.state}`),
    ...[...world.disks.values()].filter(disk => disk.instanceId === undefined).map(({ id }) => `disk ${id}`),
    ...[...world.eips.values()].map(({ id, address }) => `eip ${id} ${address}`),
    ...[...world.keyPairs.values()].map(({ id }) => `key-pair ${id}`),
    ...[...world.groups.values()].map(({ id, name }) => `security-group ${id} ${name}`),
    ...[...world.routes.values()]
      .filter(({ endsAt }) => endsAt === undefined)
      .map(({ cidr, nextHopId }) => `route ${cidr} to ${nextHopId}`),
    ...[...world.vswitches.values()].filter(each => !each.isDefault).map(({ id }) => `vswitch ${id}`),
    ...[...world.vpcs.values()].filter(each => !each.isDefault).map(({ id }) => `vpc ${id}`),
    ...[...world.balancers.values()].flatMap(({ id, backends }) =>
      backends.map(({ ServerId }) => `slb-backend ${id} ${ServerId}`),
    ),
  ]
}
