/** What really happens when an instance changes its state: to its host, its addresses, and what hangs on it. */
import { freeEip } from './handlers/eips.ts'
import type { Deeds } from './states.ts'
import type { Instance, World } from './world.ts'

/** Images of another processor are launched too, on paper. */
const HERE = process.arch === 'arm64' ? 'arm64' : 'x86_64'

/** `publicKey` of the key pair it was launched with. */
export function makeDeeds(
  instance: Instance,
  publicKey: string | undefined,
  wantsPublic: boolean,
  world: World,
): Deeds {
  const { image, asked } = instance
  const takeBack = async () => {
    if (instance.publicAddress === undefined) return
    world.addresses.giveBack(instance.publicAddress)
    instance.publicAddress = undefined
    await instance.host?.setPublic(undefined)
  }
  return {
    async make() {
      if (world.stock.isLate(instance.zone, instance.type.id)) return 'gone'
      if (!world.maker || image.arch !== HERE || image.windows) return 'made'
      const nonRoot = (asked.ImageOptions as { LoginAsNonRoot?: boolean } | undefined)?.LoginAsNonRoot === true
      const disks = [...world.disks.values()].filter(disk => disk.instanceId === instance.id && disk.kind === 'data')
      instance.host = await world.maker.make({
        id: instance.id,
        user: nonRoot ? 'ecs-user' : 'root',
        hostName: instance.hostName,
        disks: disks.map(({ serial, sizeGb }) => ({ serial, sizeGb })),
        ...(publicKey === undefined ? {} : { publicKey }),
        ...(instance.password === undefined ? {} : { password: instance.password }),
        ...(instance.userData === undefined ? {} : { userData: Buffer.from(instance.userData, 'base64') }),
      })
      instance.privateAddress = instance.host.privateAddress
      return 'made'
    },
    async boot() {
      if (wantsPublic && instance.publicAddress === undefined && !instance.eip)
        instance.publicAddress = world.addresses.takeAddress()
      const address = instance.eip?.address ?? instance.publicAddress
      if (address !== undefined) await instance.host?.setPublic(address)
      await instance.host?.start()
    },
    async stop(force) {
      await instance.host?.stop(force)
      // Who does not pay for a stopped instance does not keep its address.
      if (instance.stoppedMode === 'StopCharging') await takeBack()
    },
    async reboot(force) {
      instance.reboots += 1
      if (!force) return instance.host?.reboot()
      await instance.host?.stop(true)
      await instance.host?.start()
    },
    async release(force) {
      if (!force && instance.life.state === 'Stopping') await instance.host?.stop(false)
      await instance.host?.remove()
      instance.host = undefined
      await takeBack()
      if (instance.eip) freeEip(instance.eip)
      instance.eip = undefined
      for (const disk of world.disks.values()) {
        if (disk.instanceId !== instance.id) continue
        if (disk.deleteWithInstance) world.disks.delete(disk.id)
        else disk.instanceId = undefined
      }
      for (const balancer of world.balancers.values())
        balancer.backends = balancer.backends.filter(each => each.ServerId !== instance.id)
    },
  }
}
