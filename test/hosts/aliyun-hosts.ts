/**
 * Hosts of the stand-in Alibaba Cloud (test/kit/aliyun): as those of the EC2 cloud, with what Alibaba's images do otherwise. The
 * login is root unless the launch wants ecs-user; a password is its, and lets it in where there is no key pair; data disks are
 * real block devices.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AliyunHostAsk, HostMaker } from '../kit/aliyun/hosts.ts'
import { testSubnet } from '../kit/places.ts'
import {
  type CloudHostOptions,
  loginUser,
  makeHost,
  outsideAddresses,
  prepareHosts,
  seedCloudInit,
} from './ec2-hosts.ts'
import { addGuestDisks, type GuestDisk, makeGuestDisk } from './guest-disks.ts'

/** What images of clouds have, and a small Debian has not. */
const PACKAGES = ['e2fsprogs', 'xfsprogs']

export function nspawnHosts(given: CloudHostOptions = {}): HostMaker {
  const options = { ...given, packages: [...PACKAGES, ...(given.packages ?? [])] }
  const subnet = options.subnet ?? testSubnet('aliyun')
  return {
    ...outsideAddresses(subnet),
    prepare: say => prepareHosts(options, subnet, say),
    async make(ask) {
      const disks: GuestDisk[] = []
      const close = () => {
        for (const disk of disks.splice(0)) disk[Symbol.dispose]()
      }
      try {
        for (const { serial, sizeGb } of ask.disks) disks.push(makeGuestDisk(serial, sizeGb))
        const host = await makeHost(ask, subnet, options, root => seed(root, ask, disks))
        const remove = async () => {
          await host.remove()
          close()
        }
        return { ...host, remove }
      } catch (error) {
        close()
        throw error
      }
    },
  }
}

function seed(root: string, { user, password, hostName, ...ask }: AliyunHostAsk, disks: readonly GuestDisk[]): void {
  const byPassword = password !== undefined && ask.publicKey === undefined
  const isRoot = user === 'root'
  seedCloudInit(root, {
    ...ask,
    hostName,
    settings: {
      disable_root: !isRoot,
      ssh_pwauth: byPassword,
      system_info: {
        default_user: isRoot ? { name: 'root', lock_passwd: false } : loginUser(user, password === undefined),
      },
      ...(password === undefined
        ? {}
        : { chpasswd: { expire: false, users: [{ name: user, password, type: 'text' }] } }),
    },
  })
  const sshd = join(root, 'etc/ssh/sshd_config.d')
  mkdirSync(sshd, { recursive: true })
  writeFileSync(
    join(sshd, '10-aliyun.conf'),
    `PermitRootLogin ${isRoot ? 'yes' : 'no'}\nPasswordAuthentication ${byPassword ? 'yes' : 'no'}\n`,
  )
  if (disks.length > 0) addGuestDisks(root, disks)
}
