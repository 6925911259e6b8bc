/** What is looked at on a machine, from here to the engine, in the order it is told. */
import { address } from './address.ts'
import type { Check } from './check.ts'
import { clientFiles } from './client-files.ts'
import { clock } from './clock.ts'
import { dataDisk } from './data-disk.ts'
import { dockerClient } from './docker-client.ts'
import { engine } from './engine.ts'
import { facts, sudo } from './facts.ts'
import { instance } from './instance.ts'
import type { Patient } from './patient.ts'
import { proxy } from './proxy.ts'
import { finished, record } from './record.ts'
import { serverCertificate } from './server-certificate.ts'
import { service } from './service.ts'
import { settings } from './settings.ts'
import { ssh } from './ssh.ts'

export const machineChecks: readonly Check<Patient>[] = [
  record,
  finished,
  instance,
  address,
  ssh,
  clock,
  sudo,
  facts,
  service,
  dataDisk,
  settings,
  proxy,
  clientFiles,
  serverCertificate,
  engine,
  dockerClient,
]
