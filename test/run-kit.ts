/**
 * Stand-ins of clouds and of VirtualBox, for a person to try a driver on: `npm run --silent kit -- ec2`. What to set is printed on stdout as
 * `export NAME=value`, all else on stderr. Stays until Ctrl-C, and then takes everything away.
 */
import { parseArgs } from 'node:util'

interface Kit {
  readonly about: string
  start(args: string[]): Promise<AsyncDisposable & { readonly env: Readonly<Record<string, string>> }>
}

const say = (line: string) => console.error(line)

const usualHosts = () => (process.getuid?.() === 0 ? 'nspawn' : 'none')

/** What both clouds are told on the command line. */
function readOptions(args: string[], usualPort: string) {
  const options = { port: { type: 'string' }, hosts: { type: 'string' }, region: { type: 'string' } } as const
  const { port = usualPort, hosts = usualHosts(), region } = parseArgs({ args, options }).values
  if (hosts !== 'nspawn' && hosts !== 'none') throw new Error(`--hosts is nspawn or none, not ${hosts}`)
  if (!/^\d+$/.test(port)) throw new Error(`--port is a number, not ${port}`)
  return { port: Number(port), hosts, say, ...(region === undefined ? {} : { region }) } as const
}

async function mustHaveHosts(hosts: 'nspawn' | 'none'): Promise<void> {
  const { whyNoHosts } = await import('./hosts/host.ts')
  const reason = hosts === 'nspawn' ? await whyNoHosts() : undefined
  if (reason !== undefined) throw new Error(`${reason} (or try --hosts none)`)
}

const KITS: Readonly<Record<string, Kit>> = {
  ec2: {
    about: '[--port 8600] [--hosts nspawn|none] [--region eu-central-1]   an EC2 cloud, for -d amazonec2',
    async start(args) {
      const options = readOptions(args, '8600')
      const { installMoto } = await import('./kit/ec2/venv.ts')
      installMoto(say)
      const { startEc2 } = await import('./kit/ec2/cloud.ts')
      const { nspawnHosts } = await import('./hosts/ec2-hosts.ts')
      await mustHaveHosts(options.hosts)
      return startEc2({ ...options, ...(options.hosts === 'nspawn' ? { makeHost: nspawnHosts() } : {}) })
    },
  },
  aliyun: {
    about: '[--port 8500] [--hosts nspawn|none] [--region cn-hangzhou]   an Alibaba Cloud, for -d aliyunecs',
    async start(args) {
      const options = readOptions(args, '8500')
      const { startAliyun } = await import('./kit/aliyun/cloud.ts')
      const { nspawnHosts } = await import('./hosts/aliyun-hosts.ts')
      await mustHaveHosts(options.hosts)
      return startAliyun({ ...options, ...(options.hosts === 'nspawn' ? { makeHost: nspawnHosts() } : {}) })
    },
  },
  virtualbox: {
    about: '[--release 7.0] [--platform linux|macos|windows] [--hosts nspawn|none]   a VBoxManage, for -d virtualbox',
    async start(args) {
      const {
        release = '7.0',
        platform = 'linux',
        hosts = usualHosts(),
      } = parseArgs({
        args,
        options: { release: { type: 'string' }, platform: { type: 'string' }, hosts: { type: 'string' } },
      }).values
      const { RELEASES } = await import('./kit/virtualbox/versions.ts')
      const { startVirtualBox } = await import('./kit/virtualbox/virtualbox.ts')
      const { nspawnHosts } = await import('./hosts/virtualbox-hosts.ts')
      if (!Object.hasOwn(RELEASES, release))
        throw new Error(`--release is ${Object.keys(RELEASES).join(', ')}, not ${release}`)
      if (platform !== 'linux' && platform !== 'macos' && platform !== 'windows')
        throw new Error(`--platform is linux, macos or windows, not ${platform}`)
      if (hosts !== 'nspawn' && hosts !== 'none') throw new Error(`--hosts is nspawn or none, not ${hosts}`)
      await mustHaveHosts(hosts)
      const own = { release: release as keyof typeof RELEASES, platform, say } as const
      const vbox = await startVirtualBox({ ...own, ...(hosts === 'nspawn' ? { makeHost: nspawnHosts() } : {}) })
      // What is in an image counts for nothing here: none has to be downloaded.
      const { cloudImage } = await import('./kit/virtualbox/cloud-image.ts')
      return {
        env: { ...vbox.env, VIRTUALBOX_IMAGE: cloudImage(vbox.folder) },
        [Symbol.asyncDispose]: () => vbox[Symbol.asyncDispose](),
      }
    },
  },
}

const [name = '', ...args] = process.argv.slice(2)
const kit = Object.hasOwn(KITS, name) ? KITS[name] : undefined
if (!kit) {
  say('Stand-ins: npm run --silent kit -- NAME [options]')
  for (const [each, { about }] of Object.entries(KITS)) say(`  ${each} ${about}`)
  process.exit(name === '' ? 0 : 2)
}
try {
  // Hosts that are being made when it comes are taken away too: see atExit in test/hosts/host.ts.
  const asked = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  await using cloud = await kit.start(args)
  for (const [variable, value] of Object.entries(cloud.env)) console.log(`export ${variable}=${value}`)
  say('It is up. Set the variables above where you call machine; Ctrl-C here takes it away with all its hosts.')
  await asked
  say('taking everything away ...')
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
