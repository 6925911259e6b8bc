/** One request, once it is known of which action: the order in which it is checked, broken and done. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from './calls.ts'
import type { Data } from './data.ts'
import { type Gives, problemOf, type Words } from './faults.ts'
import { Problem } from './problem.ts'
import type { Reply, Written } from './serve.ts'

/** What an API makes of its requests. */
export interface Answering<Own extends string> {
  /** All that is refused without an effect; dry runs come as far as this. Resolves to the effect. */
  prepare(): Promise<() => Data | Promise<Data>>
  /** What a fault has in store for it, asked once it is prepared. */
  strike(): Gives<Own> | undefined
  words(): Words<Own>
  /** What a dry run is answered that would have been taken. */
  readonly dryRun: readonly [code: string, message: string, status?: number]
  /** The answers in the API's form. */
  write(answer: Data): Written
  refuse(problem: Problem): Written
  /** Told what fails of the kit itself. */
  say(line: string): void
}

/** Never throws: what goes wrong is an answer too. The call gets its code and status. */
export async function answerCall<Own extends string>(call: Call, api: Answering<Own>): Promise<Reply> {
  let gives: Gives<Own> | undefined
  try {
    const effect = await api.prepare()
    gives = api.strike()
    if (!isAfterEffect(gives)) {
      const problem = gives && problemOf(gives, api.words())
      if (problem) throw problem
      if (gives === 'drop') return end(call, 'Dropped', undefined)
      if (gives === 'html502') return end(call, 'Html502', HTML)
      if (typeof gives === 'object' && 'delayMs' in gives) await sleep(gives.delayMs)
    }
    if (call.dryRun) throw new Problem(...api.dryRun)
    const answer = api.write(await effect())
    if (gives === 'lost-answer') return end(call, 'LostAnswer', undefined)
    if (gives === 'timeout-after-effect') return end(call, 'LostAnswer', 'never')
    if (gives === 'error500-after-effect') throw api.words().error500()
    return end(call, 'OK', answer)
  } catch (error) {
    const problem = error instanceof Problem ? error : failed(error)
    if (problem !== error) api.say(problem.message)
    return end(call, problem.code, api.refuse(problem))
  }
}

const isAfterEffect = (gives: Gives<string> | undefined) =>
  gives === 'lost-answer' || gives === 'timeout-after-effect' || gives === 'error500-after-effect'

const HTML = { status: 502, type: 'text/html', text: '<html><body><h1>502 Bad Gateway</h1></body></html>' }

const failed = (error: unknown) =>
  new Problem('InternalError', `the kit failed: ${error instanceof Error ? error.stack : error}`, 500)

function end(call: Call, code: string, reply: Reply): Reply {
  call.code = code
  call.status = typeof reply === 'object' ? reply.status : 0
  return reply
}
