/** Which of a driver's settings are secret: by the flag specs, so that nobody has to think of it. */
import * as pulumi from '@pulumi/pulumi'
import { drivers } from '../../drivers/index.ts'
import { specsOf } from './core/inputs.ts'

type Settings = Record<string, pulumi.Input<unknown>>

/** The same settings, the secret ones marked. */
export function withSecretsMarked(driver: string, settings: pulumi.Input<Settings>): pulumi.Output<Settings> {
  const names = secretNames(driver)
  return pulumi.output(settings).apply(its => {
    const marked = names.filter(name => its?.[name] !== undefined)
    return marked.length === 0
      ? its
      : pulumi.output({ ...its, ...Object.fromEntries(marked.map(name => [name, pulumi.secret(its[name])])) })
  }) as pulumi.Output<Settings>
}

/** The secret ones alone; undefined where none was given. */
export function secretsOf(driver: string, settings: pulumi.Input<Settings>): pulumi.Output<Settings | undefined> {
  const names = secretNames(driver)
  return pulumi.output(settings).apply(its => {
    const there = names.filter(name => its?.[name] !== undefined)
    return there.length === 0 ? undefined : pulumi.secret(Object.fromEntries(there.map(name => [name, its[name]])))
  }) as pulumi.Output<Settings | undefined>
}

function secretNames(driver: string): string[] {
  const its = drivers.find(d => d.name === driver)
  return its ? specsOf(its).flatMap(([key, spec]) => (spec.secret ? [key] : [])) : []
}
