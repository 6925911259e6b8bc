/** What really happens when an instance changes its state: to its host, its addresses, and in moto. */
import type { Deeds, StateName } from './states.ts'
import type { Instance, World } from './world.ts'

/** Makes the host, where there are hosts and this image can be booted on this computer. */
export async function makeDeeds(instance: Instance, publicKey: string | undefined, world: World): Promise<Deeds> {
  const { asked, image, region } = instance
  if (world.maker && image?.Architecture === HERE) {
    instance.host = await world.maker.make({
      id: instance.id,
      user: image.user,
      ...(publicKey === undefined ? {} : { publicKey }),
      ...(asked.UserData === undefined ? {} : { userData: Buffer.from(asked.UserData, 'base64') }),
    })
    instance.privateAddress = instance.host.privateAddress
  }
  const takeBack = async () => {
    if (instance.publicAddress !== undefined && instance.publicAddress !== instance.elastic)
      world.addresses.giveBack(instance.publicAddress)
    delete instance.publicAddress
    await instance.host?.setPublic(undefined)
  }
  return {
    async boot() {
      await givePublic(instance, world)
      await instance.host?.start()
    },
    async stop(force) {
      await instance.host?.stop(force)
      if (instance.elastic === undefined) await takeBack()
    },
    async terminate() {
      await instance.host?.remove()
      delete instance.host
      await takeBack()
    },
    async reach(state) {
      if (state === 'terminated') {
        await leaveAddress(instance, world)
        if (instance.protected) await unprotect(instance, world)
        instance.spot?.close(instance.life.reason?.Code ?? '')
      }
      const action = ACTIONS[state]
      if (action !== undefined) await world.moto.call(region, action, { InstanceIds: [instance.id] })
    },
  }
}

const ACTIONS: Readonly<Partial<Record<StateName, string>>> = {
  running: 'StartInstances',
  stopped: 'StopInstances',
  terminated: 'TerminateInstances',
}
const HERE = process.arch === 'arm64' ? 'arm64' : 'x86_64'

/** The address by which it is reached from outside: an Elastic IP, a new one, or none. */
export async function givePublic(instance: Instance, world: World): Promise<void> {
  const address = instance.elastic ?? (instance.autoPublic ? world.addresses.takeAddress() : undefined)
  if (address === undefined) delete instance.publicAddress
  else instance.publicAddress = address
  await instance.host?.setPublic(address)
}

/** An Elastic IP stays when its instance goes. */
async function leaveAddress(instance: Instance, world: World): Promise<void> {
  if (instance.elastic === undefined) return
  await world.moto.call(instance.region, 'DisassociateAddress', { PublicIp: instance.elastic })
  delete instance.elastic
}

/** Only the cloud itself ends a protected instance: a broken host, a spot price. */
async function unprotect(instance: Instance, world: World): Promise<void> {
  await world.moto.call(instance.region, 'ModifyInstanceAttribute', {
    InstanceId: instance.id,
    DisableApiTermination: { Value: false },
  })
}
