/** What a program says of a machine. */
import type { Input } from '@pulumi/pulumi'
import type { DriverSettings } from './settings/index.ts'

export interface EngineArgs {
  /** Engine version to install, whole or its beginning: '28.5'. A change upgrades. */
  version?: Input<string>
  /** Mirror of Docker's package repository: `aliyun`, `azure-china`, or a URL. */
  mirror?: Input<string>
  /** URL of an install script, or 'none'. A change makes the machine anew. */
  installUrl?: Input<string>
  /** dockerd options: `{ 'log-level': 'warn', dns: ['1.1.1.1', '9.9.9.9'] }`. */
  opts?: Input<Record<string, Input<string | number | boolean | string[]>>>
  /** Labels of the engine, for placement. */
  labels?: Input<Record<string, Input<string>>>
  /** Environment of the engine, as `HTTPS_PROXY`. */
  env?: Input<Record<string, Input<string>>>
  insecureRegistries?: Input<Input<string>[]>
  registryMirrors?: Input<Input<string>[]>
  storageDriver?: Input<string>
  /** Containers outlive a restart of the engine; on for engines installed here. */
  liveRestore?: Input<boolean>
  /** Container logs are rotated; on for engines installed here. */
  logRotation?: Input<boolean>
  /** The agent in front of the engine: roles, revocation, audit. By default where it can run. */
  agent?: Input<'on' | 'off'>
  /** npm registry the host gets the agent's runtime from. */
  agentRegistry?: Input<string>
  /** Folders of the host that operators may mount. */
  agentOperatorMounts?: Input<Input<string>[]>
}

/** A CA: a CertificateAuthority, or a machine that got one of its own. */
export interface Authority {
  caCert: Input<string>
  /** Private key, PEM. */
  caKey: Input<string>
}

/** What all drivers' machines have in common. */
export interface CommonArgs {
  /** Name of the machine and its host; by default the resource's name and seven random digits. */
  name?: Input<string>
  engine?: Input<EngineArgs>
  /** Port of the engine, 2376 by default. */
  enginePort?: Input<number>
  /** Further names and addresses the server certificate covers. */
  tlsSans?: Input<Input<string>[]>
  /** Labels (tags) of the machine at its provider. */
  labels?: Input<Record<string, Input<string>>>
  /** A CA that machines share; by default each gets one of its own. */
  authority?: Input<Authority>
  /** The machine lies in the user's own store, so that `machine ls` shows it; false by default. */
  store?: Input<boolean>
}

type Drivers = keyof DriverSettings
/** Settings of drivers that are not the machine's. */
type NoOthers<D extends Drivers> = { [K in Exclude<Drivers, D>]?: never }
/** Where the driver takes a key file, its text will do. */
type OwnKey<D extends Drivers> = 'sshKey' extends keyof DriverSettings[D] ? { privateKey?: Input<string> } : object

/** The driver, by its name, and under that name what it is to know. */
type DriverArgs<D extends Drivers> = { driver: D } & { [K in D]?: Input<DriverSettings[D]> } & NoOthers<D> & OwnKey<D>

/** Without a driver the first that is usable on this computer is taken. */
export type MachineArgs = CommonArgs &
  ({ [D in Drivers]: DriverArgs<D> }[Drivers] | ({ driver?: never } & NoOthers<never>))
