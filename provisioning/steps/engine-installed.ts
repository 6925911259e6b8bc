/** There is an engine: the one already there, or one installed by the way install.ts describes. */
import { MachineError } from '../../src/errors.ts'
import type { Host, RunResult } from '../../src/ssh/host.ts'
import type { Cmd } from '../../src/ssh/quote.ts'
import type { EngineAsk } from '../ask.ts'
import { type Distro, distroOf } from '../distros.ts'
import { diskFull, lastWords } from '../engine-log.ts'
import type { Facts } from '../facts.ts'
import {
  distributionCommand,
  probeCommand,
  type Repository,
  repositoryCommand,
  repositoryOf,
  scriptCommand,
} from '../install.ts'
import { repositoryBase } from '../mirrors.ts'
import { fingerprints } from '../openpgp.ts'
import type { Step, StepCtx } from '../step.ts'

export function engineInstalled(ask: EngineAsk): Step {
  return {
    id: 'engine-installed',
    title: 'engine installed',
    doing: 'Installing the engine',
    ...(ask.installUrl === 'none' ? {} : { announce: 'Installing Docker...' }),
    hint: 'install an engine by hand and run `machine provision`',
    holds: facts => facts.engine !== undefined,
    apply: (host, facts, ctx) => install(new Installing(host, facts, ctx), ask),
    refresh: true,
  }
}

/** A host while something is installed on it. */
export class Installing {
  readonly host: Host
  readonly facts: Facts
  readonly ctx: StepCtx
  constructor(host: Host, facts: Facts, ctx: StepCtx) {
    this.host = host
    this.facts = facts
    this.ctx = ctx
  }

  tell(type: 'info' | 'progress', text: string): void {
    this.ctx.say({ type, machine: this.ctx.machine, text })
  }

  run(command: Cmd, ok: readonly number[], input = ''): Promise<RunResult> {
    const onLine = (line: string) => {
      if (line.startsWith('#')) this.tell('progress', line.slice(1))
    }
    return this.host.run(command, {
      root: true,
      ok: [0, 1, ...ok],
      input,
      timeoutMs: 25 * 60_000,
      signal: this.ctx.signal,
      onLine,
    })
  }

  failed({ stdout, stderr }: RunResult, what: string): MachineError {
    const said = `${stdout}\n${stderr}`
    if (diskFull(said))
      return new MachineError('DISK_FULL', `the disk of ${this.host.name} is full`, {
        hints: ['make room, then run `machine provision`'],
      })
    return new MachineError('ENGINE_INSTALL', `${what} failed on ${this.host.name}: ${lastWords(said)}`)
  }
}

async function install(on: Installing, ask: EngineAsk): Promise<void> {
  const distro = distroOf(on.facts.os)
  if (ask.installUrl === 'none') {
    throw new MachineError(
      'ENGINE_MISSING',
      `there is no engine on ${on.host.name}, and --engine-install-url=none installs none`,
    )
  }
  if (ask.installUrl !== undefined) return byScript(on, ask, ask.installUrl, distro)
  if (!distro) {
    throw new MachineError(
      'OS_UNKNOWN',
      `OS type not recognized: no way is known to install an engine on ${on.facts.os.pretty}`,
      {
        hints: ['install one by hand, or name a script: --engine-install-url URL'],
      },
    )
  }
  const repository = repositoryOf(distro, on.facts.os, on.facts.arch, repositoryBase(ask.mirror ?? ask.placeMirror))
  const key = repository && (await keyOf(on, repository))
  if (repository && key !== undefined) return fromRepository(on, ask, distro, repository, key)
  const asked =
    ask.version === undefined ? (ask.mirror === undefined ? undefined : '--engine-mirror') : '--engine-version'
  const lack = repository
    ? `${repository.probeUrl} is out of its reach`
    : `Docker builds no packages for ${on.facts.os.pretty}`
  if (asked || !distro.packages) {
    throw new MachineError(
      'ENGINE_REPOSITORY',
      `${asked ? `${asked} needs Docker's repository, and` : `no engine could be installed on ${on.host.name}:`} ${lack}`,
      {
        hints: ['try --engine-mirror (aliyun, azure-china, … or a URL)', 'or name a script: --engine-install-url URL'],
      },
    )
  }
  on.tell('info', `${lack}: installing ${distro.name}'s own ${distro.packages[0]}`)
  const done = await on.run(distributionCommand(distro), [])
  if (done.code !== 0) throw on.failed(done, `installing ${distro.packages[0]}`)
}

/** The repository's key once its fingerprint is the pinned one; undefined if the host does not reach it. */
export async function keyOf(on: Installing, { fingerprint, keyUrl, ...rest }: Repository): Promise<string | undefined> {
  on.tell('progress', "looking for Docker's repository")
  const done = await on.run(probeCommand({ fingerprint, keyUrl, ...rest }), [7])
  if (done.code === 7) return undefined
  if (done.code !== 0) throw on.failed(done, "looking for Docker's repository")
  const found = fingerprints(done.stdout)
  if (found.length > 0 && found.every(one => one === fingerprint)) return done.stdout
  throw new MachineError(
    'ENGINE_KEY',
    `the key at ${keyUrl} is not Docker's: ${found.join(', ') || 'unreadable'} instead of ${fingerprint}`,
    {
      hints: ['nothing was installed; is the mirror, or a proxy on the way, to be trusted?'],
    },
  )
}

export async function fromRepository(
  on: Installing,
  ask: EngineAsk,
  distro: Distro,
  from: Repository,
  key: string,
): Promise<void> {
  on.tell('progress', `installing the engine from ${from.keyUrl.replace(/\/gpg$/, '')}`)
  const done = await on.run(repositoryCommand(distro, from, ask.version ?? ''), [8], key)
  if (done.code === 8)
    throw new MachineError(
      'ENGINE_VERSION',
      `Docker's repository has no engine ${ask.version} for ${on.facts.os.pretty}`,
    )
  if (done.code !== 0) throw on.failed(done, "installing from Docker's repository")
}

export async function byScript(on: Installing, ask: EngineAsk, url: string, distro: Distro | undefined): Promise<void> {
  on.tell('progress', `running ${url}`)
  const names: Readonly<Record<string, string>> = { aliyun: 'Aliyun', 'azure-china': 'AzureChinaCloud' }
  const mirror = ask.mirror === undefined ? [] : ['--mirror', names[ask.mirror] ?? ask.mirror]
  const done = await on.run(scriptCommand(url, ask.version ?? '', mirror, distro?.tool ?? ''), [9])
  if (done.code === 9)
    throw new MachineError('ENGINE_INSTALL', `${on.host.name} could not fetch ${url}: ${lastWords(done.stderr)}`)
  if (done.code !== 0) throw on.failed(done, `the script ${url}`)
}
