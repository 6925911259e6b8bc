/**
 * A newer engine, from where the one that is there came from: the script of the record, Docker's repository, the
 * distribution. Only the packages change; what the settings have to become is the plan's business afterwards.
 */
import { MachineError } from '../src/errors.ts'
import type { Host } from '../src/ssh/host.ts'
import type { EngineAsk, ProvisionCtx } from './ask.ts'
import { type Distro, distroOf } from './distros.ts'
import { atLeast, newerThan, OLDEST_ENGINE } from './engine-version.ts'
import { readFacts } from './facts.ts'
import { addRepositoryCommand, repositoryOf } from './install.ts'
import { restartWarning } from './live-restore.ts'
import { repositoryBase } from './mirrors.ts'
import { withSbin } from './sbin-host.ts'
import { byScript, fromRepository, Installing, keyOf } from './steps/engine-installed.ts'
import {
  candidateCommand,
  MARK_STALE_COMMAND,
  NO_SUCH_VERSION,
  ownerCommand,
  upgradeCommand,
} from './upgrade-script.ts'

export interface Upgraded {
  /** Version of the engine before; '' where there was none. */
  readonly from: string
  /** Version now. */
  readonly to: string
  /** The package it comes in and the version of that: 'docker.io 26.1.5+dfsg1-9'; absent where no package brought it. */
  readonly package?: string
  /** False: it was the newest already. */
  readonly upgraded: boolean
}

/** Docker's own package. */
const DOCKER_CE = 'docker-ce'

/**
 * Upgrades the engine of a host. `ask.version` holds it to a version or its beginning. A host without an engine is left as
 * it is: provisioning installs one. Throws ENGINE_NEWER (it never goes back), ENGINE_VERSION, ENGINE_REPOSITORY,
 * ENGINE_FOREIGN (no package brought it), ENGINE_INSTALL, DISK_FULL.
 */
export async function upgradeEngine(session: Host, ask: EngineAsk, ctx: ProvisionCtx): Promise<Upgraded> {
  const host = withSbin(session)
  const facts = await readFacts(host, ask.port, ctx.signal)
  const from = facts.engine?.version ?? ''
  if (from === '') return { from, to: '', upgraded: false }
  refuseGoingBack(from, ask, ctx.machine)
  const on = new Installing(host, facts, ctx)
  const distro = distroOf(facts.os)
  ctx.phase?.('Upgrading docker...')
  const before = await ownerOf(on, distro)
  if (ask.installUrl === undefined) await byPackage(on, ask, distro, before)
  else await byRecordedScript(on, ask, ask.installUrl, distro)
  ctx.point('engine upgraded')
  const to = (await readFacts(host, ask.port, ctx.signal)).engine?.version ?? ''
  const now = await ownerOf(on, distro)
  const upgraded = from !== to || before?.name !== now?.name || before?.version !== now?.version
  return { from, to, upgraded, ...(now ? { package: `${now.name} ${now.version}` } : {}) }
}

function refuseGoingBack(have: string, { version }: EngineAsk, machine: string): void {
  if (version === undefined || !newerThan(have, version)) return
  throw new MachineError(
    'ENGINE_NEWER',
    `the engine of ${machine} is ${have}, newer than the ${version} that is asked for: upgrade does not go back`,
    { hints: [`machine upgrade --engine-version latest ${machine} takes the newest from now on`] },
  )
}

interface Package {
  readonly name: string
  readonly version: string
}

async function ownerOf(on: Installing, distro: Distro | undefined): Promise<Package | undefined> {
  if (!distro) return undefined
  const [name = '', version = ''] = (await on.run(ownerCommand(distro.tool), [])).stdout.trim().split(' ')
  return name === '' ? undefined : { name, version }
}

/** The script finds out by itself what there is to do. */
async function byRecordedScript(on: Installing, ask: EngineAsk, url: string, distro: Distro | undefined) {
  if (url === 'none')
    throw new MachineError(
      'ENGINE_INSTALL',
      `${on.ctx.machine} was made with --engine-install-url=none: its engine is not upgraded from here`,
    )
  warn(on)
  await byScript(on, ask, url, distro)
  await on.run(MARK_STALE_COMMAND, [])
}

async function byPackage(on: Installing, ask: EngineAsk, distro: Distro | undefined, owner: Package | undefined) {
  if (!distro || !owner)
    throw new MachineError(
      'ENGINE_FOREIGN',
      `no package brought the engine of ${on.host.name}, so none can be upgraded`,
      {
        hints: ['upgrade it the way it was installed, or remove it and run `machine provision`'],
      },
    )
  if (owner.name === DOCKER_CE) return await fromDocker(on, ask, distro, owner)
  const candidate = await candidateOf(on, ask, distro, owner)
  if (candidate !== undefined) {
    await toCandidate(on, distro, owner, candidate)
    const { engine } = await readFacts(on.host, ask.port, on.ctx.signal)
    if (engine && atLeast(engine.version, 20, 10)) return
  }
  const lack = candidate === undefined ? `has no version ${ask.version}` : `ends below ${OLDEST_ENGINE}`
  on.tell('info', `${owner.name} of ${distro.name} ${lack}: going over to Docker's own package`)
  await fromDocker(on, ask, distro, owner)
}

/** The version to go to, '' where the tool cannot tell; undefined if there is none of those asked for. */
async function candidateOf(on: Installing, ask: EngineAsk, distro: Distro, { name }: Package) {
  on.tell('progress', `looking for a newer ${name}`)
  const done = await on.run(candidateCommand(distro.tool, name, ask.version ?? ''), [NO_SUCH_VERSION])
  if (done.code === NO_SUCH_VERSION) return undefined
  if (done.code !== 0) throw on.failed(done, `looking for a newer ${name}`)
  return done.stdout.trim().split('\n').at(-1) ?? ''
}

async function toCandidate(on: Installing, distro: Distro, owner: Package, candidate: string): Promise<void> {
  if (bare(candidate) === bare(owner.version)) return
  on.tell('info', `upgrading ${owner.name} from ${owner.version}${candidate === '' ? '' : ` to ${candidate}`}`)
  warn(on)
  const done = await on.run(upgradeCommand(distro.tool, owner.name, candidate), [])
  if (/held packages/i.test(done.stderr))
    throw new MachineError('ENGINE_INSTALL', `${owner.name} is held at ${owner.version} on ${on.host.name}`, {
      hints: [`release it: machine ssh ${on.ctx.machine} sudo apt-mark unhold ${owner.name}`],
    })
  if (done.code !== 0) throw on.failed(done, `upgrading ${owner.name}`)
}

async function fromDocker(on: Installing, ask: EngineAsk, distro: Distro, owner: Package): Promise<void> {
  const repository = repositoryOf(distro, on.facts.os, on.facts.arch, repositoryBase(ask.mirror ?? ask.placeMirror))
  const key = repository && (await keyOf(on, repository))
  if (!repository || key === undefined)
    throw new MachineError(
      'ENGINE_REPOSITORY',
      `${on.ctx.machine} needs Docker's repository for this, and ${repository ? `${repository.probeUrl} is out of its reach` : `Docker builds no packages for ${on.facts.os.pretty}`}`,
      { hints: ['a mirror may be named when a machine is made: --engine-mirror'] },
    )
  if (owner.name === DOCKER_CE) {
    const added = await on.run(addRepositoryCommand(distro, repository), [], key)
    if (added.code !== 0) throw on.failed(added, "adding Docker's repository")
    const candidate = await candidateOf(on, ask, distro, owner)
    if (candidate !== undefined && bare(candidate) === bare(owner.version)) return
  }
  warn(on)
  await fromRepository(on, ask, distro, repository, key)
  await on.run(MARK_STALE_COMMAND, [])
}

/** A version without its epoch, which not every tool shows. */
const bare = (version: string) => version.replace(/^\d+:/, '')

function warn(on: Installing): void {
  const text = restartWarning(on.facts, on.ctx.machine)
  if (text) on.ctx.say({ type: 'warn', machine: on.ctx.machine, text })
}
