/** What stands in the installation: all that takes room or an address, and all that stays when somebody forgets it. */
import type { Box } from './box.ts'

/** One line a thing: 'vm web running'. */
export function listThings({ world, lives }: Box): string[] {
  return [
    ...world.vms.map(({ name, state, registered }) => `vm ${name} ${registered ? state : 'unregistered'}`),
    ...world.media.map(({ device, location }) => `${device} ${location}`),
    ...world.hostOnlyIfs.map(({ name, ip }) => `hostonlyif ${name} ${ip}`),
    ...world.hostOnlyNets.map(({ name, lower }) => `hostonlynet ${name} ${lower}`),
    ...world.dhcpServers.map(({ network }) => `dhcpserver ${network}`),
    ...[...lives.values()].flatMap(life => life.relays.map(({ hostIp, hostPort }) => `port ${hostIp}:${hostPort}`)),
    ...[...lives]
      .filter(([, { host }]) => host !== undefined)
      .map(([uuid]) => `guest of ${world.vms.find(vm => vm.uuid === uuid)?.name ?? uuid}`),
  ]
}
