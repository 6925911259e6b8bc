/** `ls` as text: the table, or a line a machine by a template (`--format`). */
import { expirySentence } from '../machine/expiring.ts'
import type { Listed, Row } from '../machine/list.ts'
import { NO_ENGINE_OPTIONS, NO_SWARM_OPTIONS } from '../machine/record.ts'
import { compileTemplate, Struct, type Template } from '../template/index.ts'
import { goDuration } from './go-duration.ts'
import { alignColumns } from './tabwriter.ts'

const DEFAULT_FORMAT =
  'table {{.Name}}\t{{.Active}}\t{{.DriverName}}\t{{.State}}\t{{.URL}}\t{{.Swarm}}\t{{.DockerVersion}}\t{{.Error}}'

const HEADERS = {
  Name: 'NAME',
  Active: 'ACTIVE',
  ActiveHost: 'ACTIVE_HOST',
  ActiveSwarm: 'ACTIVE_SWARM',
  DriverName: 'DRIVER',
  State: 'STATE',
  URL: 'URL',
  SwarmOptions: 'SWARM_OPTIONS',
  Swarm: 'SWARM',
  EngineOptions: 'ENGINE_OPTIONS',
  Error: 'ERRORS',
  DockerVersion: 'DOCKER',
  ResponseTime: 'RESPONSE',
}

export interface MachineList {
  /** The text of all rows. Throws MachineError TEMPLATE. */
  render(listed: readonly Listed[], program: string): string
}

/** Parses `format` (Docker Machine's table without one). Throws MachineError TEMPLATE, before any machine was asked. */
export function machineList(format = DEFAULT_FORMAT): MachineList {
  const isTable = /^table(?![\w-])/.test(format)
  const rest = isTable ? format.slice('table'.length).trim() : format
  if (rest === '') return machineList(DEFAULT_FORMAT)
  const template = compileTemplate(withEscapes(rest))
  return {
    render(listed, program) {
      const lines = listed.map(l => template.render(item(l, program)))
      if (!isTable) return lines.map(line => `${line}\n`).join('')
      return alignColumns([header(template), ...lines, ''].join('\n'))
    },
  }
}

/** `\t` and `\n`, as people type them in single quotes; inside an action they are Go's own. */
function withEscapes(format: string): string {
  return format.replace(/\{\{.*?\}\}|\\t|\\n/gs, found => (found === '\\t' ? '\t' : found === '\\n' ? '\n' : found))
}

function item({ row, record }: Listed, program: string): Struct {
  const errors = [row.error, ...row.expiring.map(e => expirySentence(e, row.name, program))].filter(text => text !== '')
  return new Struct('HostListItem', {
    Name: row.name,
    Active: activeMark(row),
    ActiveHost: row.active,
    ActiveSwarm: row.activeSwarm,
    DriverName: row.driver,
    State: row.state,
    URL: row.url,
    // Few formats ask for these three: they are made when one does.
    get SwarmOptions() {
      return options('swarm.Options', NO_SWARM_OPTIONS, record?.HostOptions.SwarmOptions)
    },
    Swarm: row.swarm,
    get EngineOptions() {
      return options('engine.Options', NO_ENGINE_OPTIONS, record?.HostOptions.EngineOptions)
    },
    Error: errors.length > 0 ? errors.join('; ') : firstProblem(row, program),
    DockerVersion: row.docker,
    get ResponseTime() {
      return duration(row.responseMs)
    },
  })
}

/** Of what the agent tells one thing, and only where nothing is wrong already, which often is the same thing. */
function firstProblem({ name, problems }: Row, program: string): string {
  const [first = '', ...more] = problems
  return more.length === 0 ? first : `${first} (and ${more.length} more: ${program} agent status ${name})`
}

function activeMark(row: Row): string {
  if (row.activeSwarm) return '* (swarm)'
  if (row.active) return '*'
  return row.state === 'Timeout' || row.driver === 'not found' ? '' : '-'
}

/** Fields by the names Go's struct had, which for two are not those of the JSON. */
const GO_NAMES: Readonly<Record<string, string>> = { Dns: 'DNS', TlsVerify: 'TLSVerify' }

/**
 * Every field Go's struct had, also those an old record lacks. undefined, and so `<no value>`, where there are no options at
 * all: one such record must not end the whole list.
 */
function options(type: string, least: object, values: object | null | undefined): Struct | undefined {
  if (!values) return undefined
  const whole = { ...least, ...values }
  const fields = Object.entries(whole).map(([name, value]) => [GO_NAMES[name] ?? name, withInts(value)])
  return new Struct(type, Object.fromEntries(fields), { json: new Struct(type, whole) })
}

function withInts(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}

function duration(ms: number): Struct {
  const fields = {
    Nanoseconds: BigInt(Math.round(ms * 1e6)),
    Microseconds: BigInt(Math.round(ms * 1e3)),
    Milliseconds: BigInt(Math.round(ms)),
    Seconds: ms / 1e3,
    Minutes: ms / 6e4,
    Hours: ms / 3.6e6,
    String: goDuration(ms * 1e6),
  }
  return new Struct('time.Duration', fields, { text: fields.String, json: fields.Nanoseconds })
}

/** The header is the template over the fields' titles; of a field of options, its own name in capitals. */
function header(template: Template): string {
  const titled = (text: string, values: object) =>
    new Struct('header', Object.fromEntries(Object.entries(values).map(([name, v]) => titleOf(name, v))), { text })
  const titles = {
    ...HEADERS,
    SwarmOptions: titled(HEADERS.SwarmOptions, NO_SWARM_OPTIONS),
    EngineOptions: titled(HEADERS.EngineOptions, NO_ENGINE_OPTIONS),
  }
  return template.render(new Struct('header', titles))
}

/** A list stays one, so that `range` goes through it. */
function titleOf(name: string, value: unknown): [string, unknown] {
  const title = name.toUpperCase()
  return [GO_NAMES[name] ?? name, Array.isArray(value) ? [title] : title]
}
