/** The words of these tests: asking as a role, and what became of it. */
import { decide } from '../../../../agent/roles/decide.ts'
import type { RoleOptions } from '../../../../agent/roles/options.ts'
import type { Verdict } from '../../../../agent/roles/verdict.ts'

export const OPTIONS: RoleOptions = { operatorMounts: ['/srv/shared'] }

export function ask(role: string, request: string, options = OPTIONS): Verdict {
  const [method = '', target = ''] = request.split(' ')
  const [path = '', query = ''] = target.split('?')
  return decide({ role: role as 'viewer', method, path, query: new URLSearchParams(query) }, options)
}

/** What the engine would get in the body's place; throws what the operator is told. */
export function send(request: string, body: unknown, options = OPTIONS): string {
  const verdict = ask('operator', request, options)
  if (!verdict.allow) throw new Error(verdict.message)
  if (!verdict.body) throw new Error('nobody looks at the body')
  return verdict.body(typeof body === 'string' ? body : JSON.stringify(body))
}

export function create(hostConfig: unknown, options = OPTIONS): string {
  return send('POST /v1.51/containers/create', { Image: 'busybox', HostConfig: hostConfig }, options)
}

/** A viewer's answer for what the engine answers. */
export function see(request: string, answer: unknown): unknown {
  const verdict = ask('viewer', request)
  if (!verdict.allow || !verdict.answer) throw new Error(`no view of ${request}`)
  return JSON.parse(verdict.answer(JSON.stringify(answer)))
}
