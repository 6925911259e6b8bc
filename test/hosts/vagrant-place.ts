/**
 * A place where real Vagrant makes machines: its docker provider on an engine of the test's own, with an image made of the
 * root file system other test hosts are copied from.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { must, run } from '../kit/cli.ts'
import { type LocalEngine, startLocalEngine } from '../kit/local-engine.ts'
import { TEST_STATE } from '../kit/places.ts'
import { which } from '../kit/which.ts'
import { whyNoHosts } from './host.ts'
import { hostTree } from './host-tree.ts'

export interface VagrantPlace extends AsyncDisposable {
  /** What Vagrant needs in its environment. */
  readonly env: Readonly<Record<string, string>>
  readonly engine: LocalEngine
  /** A folder for the test's own files, on a plain file system. */
  readonly dir: string
  /** Flags of `create -d vagrant`. */
  readonly flags: readonly string[]
  /** The same, as they are parsed. */
  readonly typed: Readonly<Record<string, string>>
  /** Runs vagrant in a folder; throws unless it exits 0. */
  vagrant(folder: string, ...args: string[]): Promise<string>
  /** What is there of machines, as text: containers, volumes, and what Vagrant remembers. */
  leftovers(): Promise<string>
}

export const IMAGE = 'machine-vagrant:latest'

const TYPED = { 'vagrant-provider': 'docker', 'vagrant-box': IMAGE, 'vagrant-ssh-user': 'root' }

/** Why there can be none here, or undefined: tests skip aloud with it. */
export async function whyNoVagrant(): Promise<string | undefined> {
  const missing = ['vagrant', 'dockerd', 'docker'].find(program => which(program) === undefined)
  return missing ? `machines of Vagrant need ${missing}` : await whyNoHosts()
}

/**
 * The first process: containers get this computer's cgroups, which may be of the old kind, and read-only at that; systemd
 * wants the new kind, its own.
 */
const INIT = `#!/bin/sh
umount -R /sys/fs/cgroup 2>/dev/null
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ssh-keygen -A >/dev/null
exec /lib/systemd/systemd
`

/** Units that cost time, or want what a container has not. */
const MASKED = [
  'systemd-networkd-wait-online.service',
  'systemd-firstboot.service',
  'systemd-timesyncd.service',
  'systemd-resolved.service',
  'systemd-udevd.service',
  'getty.target',
  'console-getty.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'fstrim.timer',
  'e2scrub_all.timer',
]

export async function startVagrantPlace(): Promise<VagrantPlace> {
  mkdirSync(TEST_STATE, { recursive: true })
  const dir = mkdtempSync(join(TEST_STATE, 'vagrant-'))
  const engine = await startLocalEngine()
  const env = { VAGRANT_HOME: join(dir, 'home'), DOCKER_HOST: engine.url, VAGRANT_CHECKPOINT_DISABLE: '1' }
  const vagrant = async (folder: string, ...args: string[]) =>
    must(`vagrant ${args.join(' ')}`, await run('vagrant', args, { cwd: folder, env }))
  const dispose = async () => {
    await engine[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await vagrant(dir, 'global-status') // makes its home, with the key every box lets in at first
    const key = execFileSync('ssh-keygen', ['-y', '-f', join(env.VAGRANT_HOME, 'insecure_private_key')], {
      encoding: 'utf8',
    })
    await importImage(engine, join(dir, 'extra'), key)
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    env,
    engine,
    dir,
    flags: Object.entries(TYPED).flatMap(([name, value]) => [`--${name}`, value]),
    typed: TYPED,
    vagrant,
    leftovers: async () => `${await engine.things()}\n${await vagrant(dir, 'global-status')}`,
    [Symbol.asyncDispose]: dispose,
  }
}

async function importImage(engine: LocalEngine, extra: string, publicKey: string): Promise<void> {
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(extra, path)), { recursive: true })
    writeFileSync(join(extra, path), text, { mode })
  }
  put('machine-init', INIT, 0o755)
  put('root/.ssh/authorized_keys', publicKey, 0o600)
  mkdirSync(join(extra, 'etc/systemd/system'), { recursive: true })
  for (const unit of MASKED) symlinkSync('/dev/null', join(extra, 'etc/systemd/system', unit))
  execFileSync('chmod', ['700', join(extra, 'root'), join(extra, 'root/.ssh')])
  const tree = await hostTree()
  const dir = dirname(extra)
  for (const [layer, folder] of [
    ['system.tar', tree],
    ['extra.tar', extra],
  ])
    execFileSync('tar', ['--numeric-owner', '-cf', join(dir, layer as string), '-C', folder as string, '.'])
  await loadImage(engine, dir, ['system.tar', 'extra.tar'])
}

/** `docker import` knows no stop signal, and a systemd that is not told so is only killed in the end. */
async function loadImage(engine: LocalEngine, dir: string, layers: readonly string[]): Promise<void> {
  const ids = await Promise.all(layers.map(async layer => `sha256:${await sha256(join(dir, layer))}`))
  const image = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Cmd: ['/machine-init'], Env: ['container=docker'], StopSignal: 'SIGRTMIN+3' },
    rootfs: { type: 'layers', diff_ids: ids },
  }
  writeFileSync(join(dir, 'config.json'), JSON.stringify(image))
  const manifest = [{ Config: 'config.json', RepoTags: [IMAGE], Layers: layers }]
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest))
  const whole = join(dir, 'image.tar')
  execFileSync('tar', ['-C', dir, '-cf', whole, 'manifest.json', 'config.json', ...layers])
  await engine.docker('load', '-q', '-i', whole)
  for (const file of [whole, ...layers.map(layer => join(dir, layer))]) rmSync(file)
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}
