/** The stand-in EC2 cloud: real hosts behind it, as far as boto3 and ssh can tell; and the kit as a person starts it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { nspawnHosts } from '../hosts/ec2-hosts.ts'
import { whyNoHosts } from '../hosts/host.ts'
import { must, run } from '../kit/cli.ts'
import { startEc2 } from '../kit/ec2/cloud.ts'
import { startImds } from '../kit/ec2/imds.ts'
import { needsMoto } from '../kit/ec2/needs-moto.ts'
import { whyNoMoto } from '../kit/ec2/venv.ts'
import { leftovers } from '../kit/leftovers.ts'
import { TEST_STATE, testSubnet } from '../kit/places.ts'
import { sshOnce, sshOnceUp } from '../kit/ssh-up.ts'
import { unless } from '../kit/tools.ts'
import { startKitProgram } from './kit-program.ts'

const root = join(import.meta.dirname, '../..')
const needsHosts = unless((await whyNoHosts()) ?? whyNoMoto())

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-ec2-'))
  must('ssh-keygen', await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ssh = (user: string, address: string | undefined, command: string) =>
  sshOnceUp(join(folder, 'key'), `${user}@${address}`, command)
/** How one try ends. */
const tried = async (login: string) => (await sshOnce(join(folder, 'key'), login, 'true')).code

const bridge = () => {
  const [a = 0, b = 0, c = 0] = testSubnet('ec2').split('.').map(Number)
  return `mn-${[a, b, c, 0].map(n => n.toString(16).padStart(2, '0')).join('')}-24`
}

needsHosts(
  'an instance is a host: cloud-init has done its work, it is stopped, found at another address, rebooted, and gone',
  async () => {
    {
      await using cloud = await startEc2({ hosts: 'nspawn', makeHost: nspawnHosts() })
      const key = await readFile(join(folder, 'key.pub'), 'utf8')
      const id = await cloud.boto<string>(`
ec2.import_key_pair(KeyName="k", PublicKeyMaterial=${JSON.stringify(key)}.encode())
i = launch(ImageId=image("debian-13-amd64-*", "136693071363")["ImageId"], KeyName="k", UserData="#cloud-config\\nwrite_files: [{path: /root/asked, content: hello}]\\n")["InstanceId"]
until(lambda: state(i) == "running", 60)
show(i)`)
      const now = () => cloud.instances()[0]
      const first = now()?.publicAddress
      expect(await ssh('admin', first, 'cloud-init status --wait >/dev/null; sudo cat /root/asked')).toBe('hello')
      expect(await ssh('admin', first, 'hostname -I')).toContain(now()?.privateAddress)
      expect(await tried(`root@${first}`)).not.toBe(0)
      await ssh('admin', first, 'echo kept > kept; sudo rm /root/asked')

      await cloud.boto(`ec2.stop_instances(InstanceIds=["${id}"]); until(lambda: state("${id}") == "stopped", 60)`)
      expect(now()?.publicAddress).toBeUndefined()
      await cloud.boto(`ec2.start_instances(InstanceIds=["${id}"]); until(lambda: state("${id}") == "running", 60)`)
      const second = now()?.publicAddress
      expect(second).not.toBe(first)
      // The user data was for its first start.
      expect(await ssh('admin', second, 'cat kept; sudo ls /root/asked 2>&1 | tail -c 10')).toBe('kept\ndirectory')
      expect(await tried(`admin@${first}`)).toBe(255)

      const booted = await ssh('admin', second, 'cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1')
      await cloud.boto(`ec2.reboot_instances(InstanceIds=["${id}"])`)
      await sleep(2000)
      expect(await ssh('admin', second, 'cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1')).not.toBe(booted)

      const elastic = await cloud.boto<string>(`
a = ec2.allocate_address(Domain="vpc")
ec2.associate_address(AllocationId=a["AllocationId"], InstanceId="${id}")
show(a["PublicIp"])`)
      expect(await ssh('admin', elastic, 'cat kept')).toBe('kept')
      expect(await cloud.boto<string>(`show(ec2.get_console_output(InstanceId="${id}")["Output"])`)).toContain(
        'cloud-init',
      )

      await cloud.boto(`
ec2.terminate_instances(InstanceIds=["${id}"])
until(lambda: state("${id}") == "terminated", 60)
ec2.release_address(AllocationId=ec2.describe_addresses()["Addresses"][0]["AllocationId"])
ec2.delete_key_pair(KeyName="k")`)
      expect(await cloud.left()).toEqual([])
      expect(leftovers(bridge(), TEST_STATE, new RegExp(`^${id}-`))).toBe('')
    }
  },
  300_000,
)

needsHosts(
  'hosts that still run when the cloud goes are taken away with it',
  async () => {
    let ids = ''
    {
      await using cloud = await startEc2({ hosts: 'nspawn', makeHost: nspawnHosts() })
      await cloud.boto(
        'launch(); launch(InstanceType="t4g.micro", ImageId=image(NOBLE.replace("amd64", "arm64"))["ImageId"])',
      )
      await cloud.settled()
      // What this computer's CPU cannot run is there by its API alone.
      expect(cloud.instances().map(each => [each.state, each.host !== undefined])).toEqual([
        ['running', true],
        ['running', false],
      ])
      ids = cloud
        .instances()
        .map(each => each.id)
        .join('|')
    }
    expect(leftovers(bridge(), TEST_STATE, new RegExp(`^(${ids})-`))).toBe('')
  },
  120_000,
)

needsMoto('credentials of an instance’s role come from its metadata', async () => {
  await using cloud = await startEc2()
  await using imds = await startImds(cloud)
  const env = Object.fromEntries(Object.entries(imds.env).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
  const code = await cloud.boto(
    `
from botocore.session import Session
for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"): os.environ.pop(name, None)
role = boto3.Session(botocore_session=Session()).client("ec2", endpoint_url=url, region_name=region)
show(code(lambda: role.describe_vpcs()))`,
    { env },
  )
  expect(code).toBe('OK')
  expect(imds.asked[0]).toBe('/latest/api/token')
  expect((await fetch(`${imds.url}/latest/meta-data/iam/security-credentials/`)).status).toBe(401)
})

needsMoto('npm run kit -- ec2 prints what to set, serves until it is interrupted, and leaves nothing', async () => {
  await using kit = await startKitProgram('ec2')
  const { AWS_ENDPOINT: url = '', AWS_SECRET_ACCESS_KEY: secret = '' } = kit.env
  expect(Object.keys(kit.env)).toEqual(
    expect.arrayContaining(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT']),
  )
  expect((await fetch(kit.env.MACHINE_AMAZONEC2_CHECK_URL ?? '')).status).toBe(200)
  expect(kit.said()).not.toContain(secret)
  expect(await kit.interrupt()).toBe(0)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('npm run kit alone says what there is', async () => {
  const done = await run(process.execPath, [join(root, 'test/run-kit.ts')])
  expect([done.code, done.stdout]).toEqual([0, ''])
  expect(done.stderr).toContain('ec2 [--port 8600]')
  expect((await run(process.execPath, [join(root, 'test/run-kit.ts'), 'gce'])).code).toBe(2)
})
