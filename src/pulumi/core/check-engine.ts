/** Settings of the engine, each checked by itself, by what provisioning checks them with. */
import { checkAgentSettings } from '../../../provisioning/agent/ask-check.ts'
import { checkAsk } from '../../../provisioning/ask-check.ts'
import { messageOf, suggestionsOf } from '../../errors.ts'
import { engineAsk, toEngineOptions, toExtras } from '../../machine/engine-settings.ts'
import { didYouMean } from '../../machine/nearest.ts'
import { newRecord } from '../../machine/record.ts'
import { ENGINE_KEYS, type EngineInputs, toEngineSettings } from './inputs.ts'
import { hasUnknown, isAbsent, objectOf } from './values.ts'

type Fail = (property: string, reason: string) => void
type Key = (typeof ENGINE_KEYS)[number]

const SHAPES: Readonly<Record<Key, 'text' | 'texts' | 'pairs' | 'switch' | 'on or off' | 'options'>> = {
  installUrl: 'text',
  version: 'text',
  mirror: 'text',
  opts: 'options',
  labels: 'pairs',
  env: 'pairs',
  insecureRegistries: 'texts',
  registryMirrors: 'texts',
  storageDriver: 'text',
  liveRestore: 'switch',
  logRotation: 'switch',
  agent: 'on or off',
  agentRegistry: 'text',
  agentOperatorMounts: 'texts',
}

const WANTED = {
  text: 'is a text',
  texts: 'is a list of texts',
  pairs: 'is an object of texts',
  switch: 'is true or false',
  'on or off': "is 'on' or 'off'",
  options: 'is an object of texts, numbers, switches or lists of texts',
}

export function checkEngine(engine: unknown, fail: Fail): void {
  const isObject = typeof engine === 'object' && !Array.isArray(engine)
  if (!isObject && !hasUnknown(engine)) fail('engine', 'is an object')
  for (const [key, value] of Object.entries(objectOf(engine))) {
    const property = `engine.${key}`
    if (!isKey(key)) fail(property, ['there is no such setting', ...didYouMean(key, ENGINE_KEYS)].join('; '))
    else if (isAbsent(value) || hasUnknown(value)) continue
    else if (!fits(SHAPES[key], value)) fail(property, WANTED[SHAPES[key]])
    else checkMeaning(property, { [key]: value }, fail)
  }
}

function isKey(key: string): key is Key {
  return (ENGINE_KEYS as readonly string[]).includes(key)
}

function fits(shape: (typeof SHAPES)[Key], value: unknown): boolean {
  const text = (v: unknown) => typeof v === 'string'
  const object = typeof value === 'object' && !Array.isArray(value)
  const plain = (v: unknown) => ['string', 'number', 'boolean'].includes(typeof v)
  if (shape === 'text') return text(value)
  if (shape === 'switch') return typeof value === 'boolean'
  if (shape === 'on or off') return value === 'on' || value === 'off'
  if (shape === 'texts') return Array.isArray(value) && value.every(text)
  if (shape === 'pairs') return object && Object.values(objectOf(value)).every(text)
  return object && Object.values(objectOf(value)).every(v => plain(v) || (Array.isArray(v) && v.every(text)))
}

function checkMeaning(property: string, engine: EngineInputs, fail: Fail): void {
  const settings = toEngineSettings(engine)
  const record = newRecord({
    name: 'checked',
    driverName: 'checked',
    storePath: '/',
    engine: toEngineOptions(settings),
    swarm: {},
    tlsSans: [],
    machine: { Phase: 'creating', Engine: toExtras(settings) },
  })
  try {
    checkAsk(engineAsk(record, 2376))
    checkAgentSettings({ registry: settings.agentRegistry, operatorMounts: settings.agentOperatorMounts })
  } catch (error) {
    fail(property, [messageOf(error), ...suggestionsOf(error)].join('; '))
  }
}
