/** A machine's inputs, checked: one text a property, before anything is made. */
import { randomBytes } from 'node:crypto'
import { drivers } from '../../../drivers/index.ts'
import { messageOf, suggestionsOf } from '../../errors.ts'
import { defaultDriver } from '../../machine/default-driver.ts'
import { didYouMean } from '../../machine/nearest.ts'
import { checkName } from '../../store/paths.ts'
import { checkDriver } from './check-driver.ts'
import { checkEngine } from './check-engine.ts'
import type { Around, Checked, Failure, Json } from './crud.ts'
import { durationMs } from './duration.ts'
import { OWN_KEYS } from './inputs.ts'
import { hasUnknown, isAbsent, objectOf, UNKNOWN } from './values.ts'

/** @param olds the inputs of before; empty for a machine that is made, or made anew */
export async function checkMachine(olds: Json, news: Json, around: Around): Promise<Checked> {
  const failures: Failure[] = []
  const fail = (property: string, reason: string) => void failures.push({ property, reason })
  const attempt = (property: string, check: () => void) => {
    try {
      check()
    } catch (error) {
      fail(property, [messageOf(error), ...suggestionsOf(error)].join('; '))
    }
  }
  const given = Object.fromEntries(Object.entries(news).filter(([, value]) => !isAbsent(value)))
  const driverName = given.driver ?? olds.driver ?? (await chosenDriver(around, fail))
  const name = given.name ?? olds.name ?? newName(String(given.resource))
  const inputs: Json = {
    ...given,
    // What is there stays where it is; one that is made, or made anew, gets the claim's.
    home: olds.home ?? given.home,
    driver: driverName,
    name,
    ...(given.name === undefined ? { autoName: true } : {}),
  }

  if (typeof name !== 'string') fail('name', 'is a text')
  else if (name !== UNKNOWN) attempt('name', () => checkName(name))
  const driver = drivers.find(d => d.name === driverName)
  const names = drivers.map(d => d.name)
  if (driver) checkDriver(driver, inputs, around.env, fail)
  else if (typeof driverName === 'string' && driverName !== UNKNOWN)
    fail(
      'driver',
      [`there is no driver "${driverName}"`, ...didYouMean(driverName, names), `there are ${names.join(', ')}`].join(
        '; ',
      ),
    )
  for (const key of Object.keys(given)) checkOwner(key, String(driverName), names, fail)
  if (!isAbsent(given.engine)) checkEngine(given.engine, fail)
  checkShapes(given, fail)
  return { inputs, failures }
}

/** A member is ours, or the settings of the machine's driver. */
function checkOwner(
  key: string,
  driver: string,
  names: string[],
  fail: (property: string, reason: string) => void,
): void {
  if ((OWN_KEYS as readonly string[]).includes(key) || key === driver || key.startsWith('__')) return
  if (names.includes(key)) fail(key, `these are settings of driver ${key}, and this machine's driver is ${driver}`)
  else
    fail(
      key,
      [
        'there is no such property',
        ...didYouMean(key, [...OWN_KEYS.filter(k => k !== 'resource' && k !== 'home'), driver]),
      ].join('; '),
    )
}

function checkShapes(given: Json, fail: (property: string, reason: string) => void): void {
  const { enginePort, tlsSans, labels, authority, privateKey, store, timeouts } = given
  const known = (value: unknown) => !isAbsent(value) && !hasUnknown(value)
  if (known(enginePort) && !(Number.isInteger(enginePort) && Number(enginePort) > 0 && Number(enginePort) < 65536))
    fail('enginePort', 'is a whole number from 1 to 65535')
  if (
    known(tlsSans) &&
    !(Array.isArray(tlsSans) && tlsSans.every(san => typeof san === 'string' && /^[\w.:*-]+$/.test(san)))
  )
    fail('tlsSans', 'is a list of host names and addresses')
  if (known(labels))
    for (const [key, value] of Object.entries(objectOf(labels)))
      if (/[=\s]/.test(key) || typeof value !== 'string' || value.includes('\n'))
        fail(`labels.${key}`, 'a label is a key without blanks or "=", and a text of one line')
  if (known(authority)) {
    const { caCert, caKey } = objectOf(authority)
    if (typeof caCert !== 'string' || !caCert.includes('BEGIN CERTIFICATE'))
      fail('authority.caCert', 'is a certificate in PEM')
    if (typeof caKey !== 'string' || !caKey.includes('PRIVATE KEY')) fail('authority.caKey', 'is a private key in PEM')
  }
  if (known(privateKey) && !(typeof privateKey === 'string' && privateKey.includes('PRIVATE KEY-----')))
    fail('privateKey', 'is the text of a private SSH key')
  if (known(store) && typeof store !== 'boolean') fail('store', 'is true or false')
  for (const [work, text] of Object.entries(objectOf(timeouts)))
    if (known(text) && (typeof text !== 'string' || durationMs(text) === undefined))
      fail(`timeouts.${work}`, 'is a duration: "90s", "20m", "1h30m"')
}

async function chosenDriver(
  around: Around,
  fail: (property: string, reason: string) => void,
): Promise<string | undefined> {
  const { env, signal } = around
  if (env.MACHINE_DRIVER) return env.MACHINE_DRIVER
  try {
    return (await defaultDriver({ drivers, env, signal, program: 'machine' })).name
  } catch (error) {
    fail('driver', [messageOf(error), ...suggestionsOf(error)].join('; '))
    return undefined
  }
}

/** As Pulumi names things: the resource's name and seven random digits, so that a new one can be made before the old one goes. */
function newName(urn: string): string {
  const plain = (urn.split('::').at(-1) ?? '')
    .replace(/[^a-zA-Z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return `${plain || 'machine'}-${randomBytes(4).toString('hex').slice(0, 7)}`
}
