/** What Vagrant's docker provider does not tell, asked of the engine it uses. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { vagrantEnv } from './environment.ts'
import type { Places } from './places.ts'
import type { State } from './state.ts'
import { printed } from './tool.ts'

type Asking = Pick<Ctx, 'env' | 'signal'>

/** An engine that does not answer may be at the end of a dead line. */
const ANSWER_MS = 120_000

async function docker(args: readonly string[], state: State, places: Places, ctx: Asking): Promise<string> {
  const options = { env: vagrantEnv(ctx, places, state), signal: ctx.signal, timeout: ANSWER_MS }
  return await printed('docker', args, options)
}

/** Its id as Vagrant wrote it down, else the name we gave it. */
async function containerOf(state: State, { dotfile }: Places): Promise<string> {
  const id = await readFile(join(dotfile, 'machines', state.VmName, 'docker', 'id'), 'utf8').catch(() => '')
  return id.trim() || state.ProviderName
}

/** Addresses of the container in the engine's networks. */
export async function containerAddresses(state: State, places: Places, ctx: Asking): Promise<string[]> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}'
  const text = await docker(['inspect', '-f', format, await containerOf(state, places)], state, places, ctx)
  return text.split(/\s+/).filter(Boolean)
}

/** The port of this computer that leads to one of the container. */
export async function publishedPort(
  port: number,
  state: State,
  places: Places,
  ctx: Asking,
): Promise<number | undefined> {
  const text = await docker(['port', await containerOf(state, places), String(port)], state, places, ctx).catch(
    () => '',
  )
  const [, found] = /:(\d+)\s*$/m.exec(text) ?? []
  return found === undefined ? undefined : Number(found)
}

/** Removes it by the name we gave it: a vagrant that is killed in between leaves no other trace. */
export async function dropContainer(state: State, places: Places, ctx: Asking): Promise<void> {
  await docker(['rm', '-f', '-v', state.ProviderName], state, places, ctx).catch(cause => {
    ctx.signal.throwIfAborted()
    if (/no such container/i.test(String(cause.stderr))) return
    throw new MachineError(
      'VAGRANT_FAILED',
      `the container ${state.ProviderName} is not removed: ${messageOf(cause)}`,
      {
        hints: ['is its engine on?'],
        cause,
      },
    )
  })
}
