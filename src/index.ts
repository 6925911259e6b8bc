/**
 * `machine` as a library: what the commands do, printing nothing. Every function takes `Options`: where the store is, a
 * signal to stop by, a listener for events.
 *
 *     import { createMachine } from '@machinehosts/machine'
 *     const dev = await createMachine({ name: 'dev', driver: 'nspawn' }, { onEvent: e => console.error(e.text) })
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Config, Question } from '../drivers/driver.ts'
import { drivers } from '../drivers/index.ts'
import { resizeByFlags } from './driver-change.ts'
import { readConfig } from './driver-config.ts'
import { withSecrets } from './driver-secrets.ts'
import type { MachineEvent } from './events.ts'
import * as active from './machine/active.ts'
import * as adopt from './machine/adopt.ts'
import * as connect from './machine/connect.ts'
import * as contexts from './machine/contexts.ts'
import * as copy from './machine/copy.ts'
import * as create from './machine/create.ts'
import { defaultDriver, driverNamed, driverRows } from './machine/default-driver.ts'
import * as examination from './machine/doctor/doctor.ts'
import * as bundles from './machine/export.ts'
import * as imports from './machine/import.ts'
import * as labels from './machine/labels.ts'
import * as list from './machine/list.ts'
import { loadRecord } from './machine/load.ts'
import * as modify from './machine/modify.ts'
import * as mount from './machine/mount.ts'
import * as power from './machine/power.ts'
import { mustSucceed } from './machine/programs.ts'
import * as provision from './machine/provision.ts'
import * as regenerate from './machine/regenerate-certs.ts'
import * as remove from './machine/remove.ts'
import * as rename from './machine/rename.ts'
import * as renew from './machine/renew-client.ts'
import type { ResizeOptions } from './machine/resize.ts'
import type { SettingsChange } from './machine/settings-change.ts'
import * as trustIssue from './machine/trust/issue.ts'
import * as trustList from './machine/trust/list.ts'
import * as trustRevoke from './machine/trust/revoke.ts'
import * as trustShare from './machine/trust/share.ts'
import * as upgrade from './machine/upgrade.ts'
import type { TlsPaths, World } from './machine/world.ts'
import { openWorld, tlsPathsOf } from './open-world.ts'

export type { Driver, Instance, Question, Status } from '../drivers/driver.ts'
export { MachineError, UsageError } from './errors.ts'
export type { MachineEvent } from './events.ts'
export type { Adopted } from './machine/adopt.ts'
export type { FoundHost } from './machine/adopt-look.ts'
export type { Connection } from './machine/connect.ts'
export type { ContextChange, ContextOptions } from './machine/contexts.ts'
export type { Machine } from './machine/create.ts'
export type { CheckResult, DoctorOptions } from './machine/doctor/doctor.ts'
export type { EngineSettings } from './machine/engine-settings.ts'
export { machineVariables, renderEnvironment } from './machine/environment.ts'
export type { Expiring } from './machine/expiring.ts'
export type { Exported } from './machine/export.ts'
export type { Imported } from './machine/import.ts'
export type { Row } from './machine/list.ts'
export type { Modification } from './machine/modify.ts'
export type { Renamed } from './machine/rename.ts'
export type { Resized } from './machine/resize.ts'
export type { Difference, SettingsChange } from './machine/settings-change.ts'
export type { IssuedPair } from './machine/trust/issue.ts'
export type { CertRow } from './machine/trust/list.ts'
export type { Revoked } from './machine/trust/revoke.ts'
export type { Shared } from './machine/trust/share.ts'
export { Secret } from './ssh/quote.ts'

export interface Options {
  /** Folder of the store; MACHINE_STORAGE_PATH, else ~/.docker/machine by default. */
  storagePath?: string
  /** CA and client files elsewhere than in the store; the variables MACHINE_TLS_CA_CERT … by default. */
  tlsPaths?: TlsPaths
  /** Stops the work when it aborts; what was made by then is recorded and can be removed. */
  signal?: AbortSignal
  /** Told what happens; nothing is printed. */
  onEvent?: (event: MachineEvent) => void
  /** Environment that drivers and SSH read; the process's own by default. */
  env?: Readonly<Record<string, string | undefined>>
  /** Answers what a provider wants to hear from a person (the code of a second factor); without it such a call fails. */
  ask?: (question: Question) => Promise<string | undefined>
}

export interface CreateOptions extends Omit<create.CreateAsk, 'driver' | 'config'> {
  /** Driver's name; the first usable one by default. */
  driver?: string
  /**
   * The driver's settings by the names of its flags: `{ 'nspawn-suite': 'bookworm' }`. Keys of a provider among them hold
   * for this call alone: give `env` to those that follow.
   */
  flags?: Readonly<Record<string, string | number | boolean | string[]>>
}

function world(o: Options): World {
  const env = o.env ?? process.env
  return openWorld({
    storePath: o.storagePath ?? (env.MACHINE_STORAGE_PATH || join(homedir(), '.docker', 'machine')),
    drivers,
    env,
    platform: process.platform,
    home: homedir(),
    program: 'machine',
    tlsPaths: tlsPathsOf(env, o.tlsPaths ?? {}),
    say: o.onEvent ?? (() => {}),
    signal: o.signal ?? new AbortController().signal,
    ask: o.ask,
  })
}

/** Makes a machine and returns when its engine answers. Rejects with a MachineError; what was made is then recorded. */
export async function createMachine(options: CreateOptions, o: Options = {}): Promise<create.Machine> {
  const w = world(o)
  const { driver: name, flags = {}, ...ask } = options
  const driver = name ? driverNamed(name, w.drivers) : await defaultDriver(w)
  const config: Config = readConfig(driver, flags, w.env, w.drivers)
  return await create.createMachine({ ...ask, driver, config }, withSecrets(w, driver, flags))
}

/** Removes a machine and all that was made for it. */
export const removeMachine = (name: string, o: Options & remove.RemoveOptions = {}) =>
  remove.removeMachine(name, world(o), o)
/** Brings a machine to what its record says. */
export const provisionMachine = (name: string, o: Options & provision.ProvisionOptions = {}) =>
  provision.provisionMachine(name, world(o), o)
/** Another name for a machine; the host and its certificates stay. */
export const renameMachine = (from: string, to: string, o: Options = {}) => rename.renameMachine(from, to, world(o))
/** Other settings for the engine of a machine; host and record are as they were when it does not come up with them. */
export const modifyMachine = (name: string, change: SettingsChange, o: Options & modify.ModifyOptions = {}) =>
  modify.modifyMachine(name, change, world(o), o)
/**
 * Other settings of the driver for a machine that is there, by the names of its flags: `{ 'amazonec2-instance-type':
 * 't3.large' }`. The machine is stopped and started for them; called again it goes on with what was cut off.
 */
export const resizeMachine = (
  name: string,
  flags: NonNullable<CreateOptions['flags']>,
  o: Options & ResizeOptions = {},
) => resizeByFlags(name, flags, world(o), o)
/** A machine as one file (`bytes`), encrypted unless `passphrase` is undefined; see docs/bundle.md. */
export const exportMachine = (name: string, o: Options & bundles.ExportOptions) =>
  bundles.exportMachine(name, world(o), o)
/** A machine out of a bundle; nothing that is there is overwritten. */
export const importMachine = (bytes: Uint8Array, o: Options & imports.ImportOptions) =>
  imports.importMachine(bytes, world(o), o)
/** A record for a host that another copy of this program, or docker-machine, set up. */
export const adoptHost = (ask: adopt.AdoptAsk, o: Options & adopt.AdoptOptions = {}) =>
  adopt.adoptHost(ask, world(o), o)
/** Gives a machine's engine a new key and certificate; nothing else of its host is touched. */
export const regenerateCerts = (name: string, o: Options = {}) => regenerate.regenerateCerts(name, world(o))
/** Makes the store's client certificate anew, and an expired CA: then every machine's engine needs `regenerateCerts`. */
export const renewClientCert = (o: Options = {}) => renew.renewClientCert(world(o))
/** The client certificates that were issued, the store's own first. */
export const listCertificates = (o: Options = {}) => trustList.listCertificates(world(o))
/** A client certificate with a role, for the machines named or all of the store's CA; its key is in the result alone. */
export const issueCertificate = async (
  ask: Omit<trustIssue.IssueAsk, 'machines'> & { machines?: readonly string[] },
  o: Options = {},
) => {
  const w = world(o)
  const machines = ask.machines ? await trustIssue.namedMachines(ask.machines, w) : null
  return await trustIssue.issueCertificate({ ...ask, machines }, w)
}
/** Revokes certificates by label or serial number and tells all agents; those not reached are in the result. */
export const revokeCertificates = (words: readonly string[], o: Options & trustRevoke.RevokeOptions = {}) =>
  trustRevoke.revokeCertificates(words, world(o), o)
/** A client-only bundle (`bytes`) with a certificate of its own. */
export const shareMachine = (name: string, ask: trustShare.ShareAsk, o: Options = {}) =>
  trustShare.shareMachine(name, ask, world(o))
/** Brings a machine's engine to the newest version, or to the one asked for. */
export const upgradeMachine = (name: string, o: Options & upgrade.UpgradeOptions = {}) =>
  upgrade.upgradeMachine(name, world(o), o)
/** Sets labels of a machine, in its record and at its provider where the driver can; the others stay. */
export const updateLabels = (name: string, set: Readonly<Record<string, string>>, o: Options = {}) =>
  labels.updateLabels(name, set, world(o))
export const startMachine = (name: string, o: Options = {}) => power.power('start', name, world(o))
export const stopMachine = (name: string, o: Options = {}) => power.power('stop', name, world(o))
export const restartMachine = (name: string, o: Options = {}) => power.power('restart', name, world(o))
export const killMachine = (name: string, o: Options = {}) => power.power('kill', name, world(o))
/** The machines of the store that match, each with its state, its engine's version and what of its certificates runs out soon. */
export const listMachines = (o: Options & list.ListOptions = {}) => list.listMachines(world(o), o)
/** The machine's config.json. */
export const inspectMachine = (name: string, o: Options = {}) => loadRecord(world(o).store, name)
/** Where the machine's engine is and the certificates to speak to it, after a TLS handshake with it. */
export const connection = (name: string, o: Options & connect.ConnectionOptions = {}) =>
  connect.connection(name, world(o), o)
/** Name of the machine DOCKER_HOST (of `env`) points at; `timeoutMs` is 10 s by default. */
export const activeMachine = (o: Options & { timeoutMs?: number } = {}) =>
  active.activeMachine(world(o), o.timeoutMs ?? 10_000)
/** Makes or updates the docker context of a running machine; with `use` docker uses it in every terminal from then on. */
export const setContext = (name: string, o: Options & contexts.ContextOptions & { use?: boolean } = {}) =>
  contexts.setContext(name, world(o), o)
/** Removes the machine's docker contexts, or the one named; `rm` does so by itself. */
export const removeContexts = (name: string, o: Options & contexts.ContextOptions = {}) =>
  contexts.removeContexts(name, world(o), o)
/** Copies a file, or with `recursive` a folder; a side is a path or `[user@]machine:path`. Rejects when scp or rsync fails. */
export const copyFiles = async (from: string, to: string, o: Options & Omit<copy.CopyOptions, 'show'> = {}) =>
  mustSucceed('copy', await copy.copyFiles(from, to, world(o), { ...o, show: false }))
/** Mounts a folder of a machine through sshfs. */
export const mountFolder = async (m: mount.Mount, o: Options = {}) =>
  mustSucceed('mount', await mount.mountFolder(m, world(o), { show: false }))
/** Unmounts what `mountFolder` mounted. */
export const unmountFolder = async (m: Pick<mount.Mount, 'mountPoint'>, o: Options = {}) =>
  mustSucceed('unmount', await mount.unmountFolder(m, world(o), { show: false }))
/** Looks at this computer and at machines, and tells what is wrong and what to do; changes nothing. */
export const doctor = (options: examination.DoctorOptions = {}, o: Options = {}) =>
  examination.doctor(world(o), options)
/** The drivers there are, and whether each can be used here. */
export const listDrivers = (o: Options = {}) => driverRows(world(o))
