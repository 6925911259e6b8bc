/** What has to be true of a host, in order. Pure: the same facts and wishes always give the same plan. */
import { MachineError } from '../src/errors.ts'
import { agentSteps } from './agent/plan.ts'
import { agentGone } from './agent/steps/gone.ts'
import type { Certificates, EngineAsk } from './ask.ts'
import { atLeast, OLDEST_ENGINE } from './engine-version.ts'
import type { Facts } from './facts.ts'
import type { Step } from './step.ts'
import { cloudInit } from './steps/cloud-init.ts'
import { dataDisk } from './steps/data-disk.ts'
import { engineEnabled } from './steps/engine-enabled.ts'
import { engineGroup } from './steps/engine-group.ts'
import { engineInstalled } from './steps/engine-installed.ts'
import { engineRunning } from './steps/engine-running.ts'
import { engineSettings } from './steps/engine-settings.ts'
import { firewall } from './steps/firewall.ts'
import { hostname } from './steps/hostname.ts'
import { serverCertificate } from './steps/server-certificate.ts'

/** Below this nothing is begun: a half-written package or certificate is worse than none. */
const LEAST_FREE_KB = 8 * 1024

/**
 * The steps for a host.
 * @throws MachineError NOT_ROOT, ENGINE_TOO_OLD, OS_UNKNOWN where no step could help
 */
export function plan(facts: Facts, ask: EngineAsk, certificates: Certificates): Step[] {
  refuse(facts)
  const { prepared, running } = agentSteps(ask, certificates)
  return [
    cloudInit,
    hostname(ask),
    dataDisk(ask),
    engineInstalled(ask),
    engineGroup,
    ...(ask.agent ? prepared : [serverCertificate(certificates)]),
    firewall(ask),
    engineEnabled,
    engineSettings(ask),
    engineRunning(ask),
    ...(ask.agent ? running : [agentGone]),
  ]
}

function refuse({ uid, engine, init, os }: Facts): void {
  if (uid !== 0) throw new MachineError('NOT_ROOT', `provisioning needs root, and got user id ${uid}`)
  if (init === 'unknown') {
    throw new MachineError(
      'OS_UNKNOWN',
      `${os.pretty} runs neither systemd nor OpenRC nor sysvinit: nothing would start the engine`,
    )
  }
  if (engine && !atLeast(engine.version, 20, 10)) {
    throw new MachineError('ENGINE_TOO_OLD', `the engine ${engine.version} is older than ${OLDEST_ENGINE}`, {
      hints: ['machine upgrade NAME installs a current one'],
    })
  }
}

/** Throws DISK_FULL when something has to be done and there is no room to do it. */
export function refuseFullDisk({ freeKb }: Facts, name: string): void {
  if (freeKb === undefined || freeKb >= LEAST_FREE_KB) return
  throw new MachineError(
    'DISK_FULL',
    `the disk of ${name} is full: ${Math.floor(freeKb / 1024)} MB left for the engine`,
    {
      hints: ['make room on the host, then run `machine provision`'],
    },
  )
}
