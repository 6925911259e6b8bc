/** What tests of `create -d generic` share: the record as one may edit it, and the engine as its host sees it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestHost } from '../hosts/host.ts'
import type { Home } from './cli.ts'

interface EngineOptions {
  ArbitraryFlags: string[]
  Env: string[]
  Labels: string[]
  StorageDriver: string
}

/** Edits the engine's settings in the machine's record, as a person with an editor would: no command changes them. */
export function editRecord(home: Home, name: string, change: (engine: EngineOptions) => void): void {
  const path = join(home.store, 'machines', name, 'config.json')
  const record = JSON.parse(readFileSync(path, 'utf8'))
  change(record.HostOptions.EngineOptions)
  writeFileSync(path, JSON.stringify(record, null, 4))
}

/** Environment of the running dockerd. */
export async function engineEnvironment(host: TestHost): Promise<Map<string, string>> {
  const text = await host.exec(`tr '\\0\\n' '\\n\\001' < /proc/$(pidof dockerd)/environ`)
  return new Map(text.split('\n').map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

/** `docker info` of the machine's engine. */
export async function engineInfo(home: Home, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await home.dockerOk(name, 'info', '--format', '{{json .}}'))
}

/** What `provision` changed: ids of its steps. */
export async function provisioned(home: Home, name: string): Promise<string[]> {
  const [done] = JSON.parse(await home.ok('provision', '--json', name))
  return done.changed
}
