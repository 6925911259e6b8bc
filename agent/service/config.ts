/** /etc/machine-agent/config.json, with what is missing filled in. */
import { readFileSync } from 'node:fs'
import type { AgentConfig } from '../protocol.ts'
import { PLACES } from './places.ts'

const DEFAULTS: Omit<AgentConfig, 'id'> = {
  ports: [2376],
  socket: '/var/run/docker.sock',
  dataRoot: '/var/lib/docker',
  operatorMounts: [],
  audit: 'stdout',
}

/** @throws Error where it cannot be read or names no id */
export function readConfig(path: string = PLACES.config): AgentConfig {
  const said = JSON.parse(readFileSync(path, 'utf8')) as Partial<AgentConfig>
  if (typeof said.id !== 'string' || !/^[0-9a-f]{32}$/.test(said.id)) throw new Error(`${path} names no id`)
  return { ...DEFAULTS, ...said, id: said.id }
}
