/**
 * What Pulumi's engine does with a program and its dynamic providers, as far as these can tell, for a computer without Pulumi's
 * command line: a program of its own, see `stack.ts`. The program is run by the runner that @pulumi/pulumi ships, which asks us
 * to register resources; each is checked, compared, created, changed or made anew through gRPC, by the server that it ships for
 * dynamic providers; what comes of it goes back to the program.
 *
 *     node engine.ts up|preview|refresh|destroy PROJECT
 *
 * PROJECT is a folder with `index.js`, `.mjs` or `.ts`, and `state.json`. What was done lies in `report.json` then.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { startLog } from './log-server.ts'
import { type Registration, runProgram } from './program.ts'
import { ProviderError, startProvider } from './provider-process.ts'
import type { Json, Report, Resource, Step } from './report.ts'

const [command = '', project = ''] = process.argv.slice(2)
const require = createRequire(join(project, 'package.json'))
const file = join(project, 'state.json')

/** In the order in which they were made. */
const before: Resource[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
const state = new Map(before.map(resource => [resource.urn, resource]))
const seen = new Set<string>()
const doomed: Resource[] = []
const steps: Step[] = []
const failures: string[] = []
const registered: Report['registered'] = []
const keep = () => writeFileSync(file, JSON.stringify([...state.values()]))

const log = await startLog(require)
const provider = await startProvider(project, log.address, require)
if (process.env.MACHINE_TEST_PID_FILE) writeFileSync(process.env.MACHINE_TEST_PID_FILE, String(provider.pid))
process.on('SIGINT', () => provider.cancel())
try {
  if (command === 'refresh') await refresh()
  else if (command === 'destroy') await destroyAll([...state.values()])
  else await run(command === 'preview')
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error))
}
keep()
await provider.end()
log.end()
const report: Report = { steps, failures, registered, lines: log.lines, resources: [...state.values()] }
writeFileSync(join(project, 'report.json'), JSON.stringify(report))
process.exit(0)

async function run(preview: boolean): Promise<void> {
  const ended = await runProgram(project, { engine: log.address, preview, require }, async request => {
    const inputs = plain(request.inputs)
    registered.push({ urn: request.urn, secret: request.secret, inputs: request.inputs })
    seen.add(request.urn)
    if (!request.custom) return { id: '', outputs: inputs }
    return await step(request, inputs, preview).catch(error => {
      failures.push(error.message)
      throw error
    })
  })
  const said = log.lines.filter(({ severity }) => severity === 3).map(({ message }) => message)
  if (failures.length === 0 && ended !== 0) failures.push(...(said.length > 0 ? said : [`the program exited ${ended}`]))
  if (failures.length > 0) return
  const gone = [...state.values()].filter(({ urn }) => !seen.has(urn))
  if (preview) steps.push(...gone.map(({ urn }) => ({ urn, op: 'delete' as const })))
  else await destroyAll([...gone, ...doomed])
}

/** One resource: same, created, updated or made anew. */
async function step(request: Registration, news: Json, preview: boolean): Promise<Resource> {
  const { urn } = request
  const old = state.get(urn) ?? aliased(request)
  const wanted = old ? ignoring(news, old.inputs, request.ignored) : news
  let inputs = await provider.check(urn, old?.inputs ?? {}, wanted)
  const expected = { urn, id: '', inputs, outputs: inputs }
  if (!old) {
    steps.push({ urn, op: 'create' })
    return preview ? expected : await create(urn, inputs)
  }
  const diff = await provider.diff(urn, old, inputs)
  if (diff.replaces.length > 0) {
    inputs = await provider.check(urn, {}, wanted)
    const deletedFirst = diff.deleteBeforeReplace || request.deletedFirst
    steps.push({ urn, op: 'replace', because: diff.replaces, deletedFirst })
    if (preview) return { ...expected, inputs, outputs: inputs }
    if (deletedFirst) await remove(old)
    else doomed.push({ ...old })
    return await create(urn, inputs)
  }
  if (!diff.changes && !old.failed) return old
  steps.push({ urn, op: 'update' })
  if (preview) return { ...old, inputs }
  return await kept(urn, inputs, async () => ({ id: old.id, outputs: await provider.update(urn, old, inputs) }))
}

function create(urn: string, inputs: Json): Promise<Resource> {
  return kept(urn, inputs, () => provider.create(urn, inputs))
}

/** What comes of the work is in the state, also when it fails half-way. */
async function kept(urn: string, inputs: Json, work: () => Promise<{ id: string; outputs: Json }>): Promise<Resource> {
  try {
    const made = { urn, inputs, ...(await work()) }
    state.set(urn, made)
    keep()
    return made
  } catch (error) {
    if (error instanceof ProviderError && error.half) {
      state.set(urn, { urn, inputs, ...error.half, failed: true })
      keep()
    }
    throw error
  }
}

function aliased({ urn, aliases }: Registration): Resource | undefined {
  const old = aliases.map(alias => state.get(alias)).find(Boolean)
  if (!old) return undefined
  state.delete(old.urn)
  state.set(urn, { ...old, urn })
  return { ...old, urn }
}

function ignoring(news: Json, olds: Json, paths: string[]): Json {
  return { ...news, ...Object.fromEntries(paths.map(path => [path, olds[path]])) }
}

/** Last made, first removed, as dependencies want it. */
async function destroyAll(resources: Resource[]): Promise<void> {
  for (const resource of resources.reverse()) {
    steps.push({ urn: resource.urn, op: 'delete' })
    await remove(resource)
  }
}

async function remove(resource: Resource): Promise<void> {
  await provider.delete(resource)
  if (state.get(resource.urn)?.id === resource.id) state.delete(resource.urn)
  keep()
}

async function refresh(): Promise<void> {
  for (const resource of [...state.values()]) {
    const read = await provider.read(resource)
    if (read === undefined) state.delete(resource.urn)
    else state.set(resource.urn, { ...resource, outputs: read })
    steps.push({ urn: resource.urn, op: read === undefined ? 'gone' : 'read' })
    keep()
  }
}

/** Secrets as providers that do not know them get them: in the clear. */
function plain(value: unknown): Json {
  const of = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(of)
    if (typeof v !== 'object' || v === null) return v
    if ('4dabf18193072939515e22adb298388d' in v) return of((v as Json).value)
    return Object.fromEntries(Object.entries(v).map(([key, each]) => [key, of(each)]))
  }
  return of(value) as Json
}
