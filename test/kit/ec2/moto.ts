/** A moto of the cloud's own, and the way to its API. It sees no key of anybody: what we forward is signed by nobody. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Data } from '../cloud/data.ts'
import { Problem } from '../cloud/problem.ts'
import { readAnswer } from './answers.ts'
import type { Model } from './model.ts'
import { writeQuery } from './query.ts'
import { motoPython, whyNoMoto } from './venv.ts'

export interface Moto extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  readonly url: string
  readonly pid: number
  /** Calls an action of EC2. Throws the Problem it answers. */
  call<T extends object = Data>(region: string, action: string, parameters?: object): Promise<T>
  /** Any request of another service, as it came. */
  forward(service: string, region: string, init: { headers: Record<string, string>; body: string }): Promise<Response>
}

/** `images` are what MOTO_AMIS_PATH holds. */
export async function startMoto(model: Model, images: readonly object[]): Promise<Moto> {
  const python = motoPython()
  if (python === undefined) throw new Error(whyNoMoto())
  const folder = mkdtempSync(join(tmpdir(), 'machine-moto-'))
  const amis = join(folder, 'amis.json')
  writeFileSync(amis, JSON.stringify(images))
  const child = spawn(python, ['-B', join(import.meta.dirname, 'moto_server.py')], {
    // moto signs nothing, but boto3 inside it would look for keys of this computer's user.
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      MOTO_AMIS_PATH: amis,
      MOTO_ENABLE_AMI_VALIDATION: 'true',
      MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: 'true',
      MOTO_ENABLE_KEYPAIR_VALIDATION: 'true',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  const keep = (text: string) => {
    said = (said + text).slice(-4000)
  }
  child.stderr.setEncoding('utf8').on('data', keep)
  child.stdin.on('error', () => {})
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', text => resolve(Number(text)))
    void ended.then(() => reject(new Error(`moto did not start: ${said}`)))
  })
    // Read by now: whatever becomes of us, nothing is left. moto itself ends with us, as its standard input does.
    .finally(() => rmSync(folder, { recursive: true, force: true }))
    .catch(async error => {
      await stop()
      throw error
    })
  const url = `http://127.0.0.1:${port}`
  // One at a time: moto's threads share plain dictionaries, and one that grows while another looks through it is a 500.
  let last: Promise<unknown> = Promise.resolve()
  const post = (service: string, region: string, headers: Record<string, string>, body: string) => {
    // From the scope of this moto knows service and region.
    const authorization = `AWS4-HMAC-SHA256 Credential=moto/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`
    const answer = last.then(() => fetch(url, { method: 'POST', body, headers: { ...headers, authorization } }))
    last = answer.catch(() => {})
    return answer
  }
  return {
    url,
    pid: child.pid ?? -1,
    async call<T extends object>(region: string, action: string, parameters: object = {}) {
      const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
      const response = await post('ec2', region, form, writeQuery(model, action, parameters as Data).toString())
      const text = await response.text()
      if (!/xml/.test(response.headers.get('content-type') ?? '') && !text.startsWith('<?xml'))
        throw new Problem('InternalError', `moto cannot do ${action}: ${text.slice(0, 300)} ${said.slice(-1500)}`, 500)
      return readAnswer(model, action, response.status, text) as T
    },
    forward: (service, region, { headers, body }) => post(service, region, headers, body),
    [Symbol.asyncDispose]: stop,
  }
}
