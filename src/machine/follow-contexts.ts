/** What keeps a machine's contexts true while the machine changes. A context is a convenience: none of this ever fails the work around it. */
import { messageOf } from '../errors.ts'
import { contextNameProblem, deleteContext, readContext, readTls } from './context-files.ts'
import { contextsOf } from './context-owner.ts'
import { type ContextOptions, contextMeta, machineTls, putContext, removeContexts, setContext } from './contexts.ts'
import { currentContext, dockerConfigDir, setCurrentContext } from './docker-config.ts'
import type { World } from './world.ts'

/** The context asked for with a create. The machine is ready by now, whether or not this works; undefined if it did not. */
export async function contextForNew(machine: string, w: World, options: ContextOptions): Promise<string | undefined> {
  let made: string | undefined
  await orWarn(machine, 'its docker context could not be written', w, async () => {
    made = (await setContext(machine, w, options)).context
  })
  return made
}

/** Call after the machine's client files were written, or its address changed: `url` is then the new one. */
export async function followContexts(machine: string, w: World, url?: string): Promise<void> {
  await orWarn(machine, 'its docker context could not be updated', w, async () => {
    const configDir = dockerConfigDir(w)
    for (const before of await contextsOf(configDir, machine, w)) {
      const host = url || before.Endpoints?.docker?.Host || ''
      const meta = contextMeta(before.Name, machine, host, before, w)
      const tls = (await machineTls(machine, w)) ?? (await readTls(configDir, before.Name))
      if ((await putContext(configDir, before, meta, tls)) === 'updated')
        w.say({ machine, type: 'debug', text: `docker context "${before.Name}" now points at ${host}` })
    }
  })
}

/** Call when the machine is removed. */
export async function dropContexts(machine: string, w: World): Promise<void> {
  await orWarn(machine, 'its docker context stays behind', w, async () => {
    for (const { context } of await removeContexts(machine, w))
      w.say({ machine, type: 'debug', text: `removed docker context "${context}"` })
  })
}

/**
 * Call when a machine was renamed. Its contexts are the new machine's; one that was called as the machine is so again,
 * unless docker refuses the name or another context has it: it then keeps its name, and that is told.
 */
export async function renameContexts(from: string, to: string, w: World): Promise<void> {
  await orWarn(to, 'its docker context could not be renamed', w, async () => {
    const configDir = dockerConfigDir(w)
    for (const before of await contextsOf(configDir, from, w)) {
      const host = before.Endpoints?.docker?.Host ?? ''
      const wanted = before.Name === from ? to : before.Name
      const free = wanted === before.Name || (await readContext(configDir, wanted)) === undefined
      const name = free && contextNameProblem(wanted) === undefined ? wanted : before.Name
      if (name !== wanted)
        w.say({
          machine: to,
          type: 'warn',
          text: `its docker context is still called "${name}": "${wanted}" cannot be had`,
        })
      const description = before.Metadata?.Description === `machine ${from}` ? { Description: `machine ${to}` } : {}
      const renamed = { ...before, Metadata: { ...before.Metadata, ...description } }
      await putContext(
        configDir,
        before,
        contextMeta(name, to, host, renamed, w),
        await readTls(configDir, before.Name),
      )
      if (name === before.Name) continue
      if ((await currentContext(configDir)) === before.Name) await setCurrentContext(configDir, name)
      await deleteContext(configDir, before.Name)
    }
  })
}

async function orWarn(machine: string, what: string, w: World, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    w.say({ machine, type: 'warn', text: `${what}: ${messageOf(error)}` })
  }
}
