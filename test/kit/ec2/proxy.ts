/** The HTTP side of the cloud: who asks, of which service, and what becomes of the connection. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Call, type CallAbout, newCall } from '../cloud/calls.ts'
import type { CheckService } from '../cloud/check-service.ts'
import { Problem } from '../cloud/problem.ts'
import { type Listening, listen, type Reply, readBody, send, serveCounted } from '../cloud/serve.ts'
import { newRequestId, writeProblem } from './answers.ts'
import { answerEc2, type Rules, XML } from './ec2.ts'
import type { Keys } from './keys.ts'
import { checkSignature, type SignedRequest } from './signature.ts'
import { answerSsm } from './ssm.ts'
import { answerSts } from './sts.ts'
import type { World } from './world.ts'

interface ProxyParts {
  readonly world: World
  readonly rules: Rules
  readonly keys: Keys
  /** Keys of questions the tests ask by the side: neither counted nor broken. */
  readonly asides: Keys
  readonly check: CheckService
  readonly now: () => number
  /** Called with each region that is asked, before it is. */
  readonly entered: (region: string) => Promise<void>
}

export const startProxy = (port: number, parts: ProxyParts): Promise<Listening> =>
  listen((request, response) => serve(request, response, parts), { port, say: parts.world.say })

/** A request as it came, and what it says of itself, true or not. */
interface Incoming extends SignedRequest {
  readonly form: URLSearchParams
  readonly accessKeyId: string
  readonly about: CallAbout
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const body = await readBody(request)
  const { url = '/', method = '', headers } = request
  const form = new URLSearchParams(method === 'GET' ? new URL(url, 'http://cloud').search : body)
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '')
  const [, accessKeyId = '', region = '', service = ''] = scope ?? []
  // Services of JSON name the action in a header, behind their own name.
  const action = form.get('Action') ?? String(headers['x-amz-target'] ?? '').replace(/^.*\./, '')
  const about = { service, region, action, userAgent: String(headers['user-agent'] ?? '') }
  return { url, method, headers, body, form, accessKeyId, about }
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: ProxyParts): Promise<void> {
  if (request.url?.startsWith('/check-address')) return parts.check.serve(request, response)
  const incoming = await read(request)
  const requestId = newRequestId()
  response.setHeader('x-amzn-requestid', requestId)
  // The cloud's clock: clients learn from it by how much theirs is off.
  response.setHeader('date', new Date(parts.now()).toUTCString())
  if (parts.asides.find(incoming.accessKeyId))
    return send(await answer(incoming, newCall(incoming.about), requestId, parts, parts.asides), response)
  const { calls } = parts.rules
  const counted = (call: Call) => answer(incoming, call, requestId, parts, parts.keys, parts.rules)
  await serveCounted(incoming.about, calls, counted, response)
}

/** `rules` are absent for questions by the side. */
async function answer(
  incoming: Incoming,
  call: Call,
  requestId: string,
  { now, entered, world }: ProxyParts,
  keys: Keys,
  rules?: Rules,
): Promise<Reply> {
  try {
    const signed = checkSignature(incoming, keys, now())
    await entered(signed.region)
    const { service, region } = signed
    if (service === 'ec2') return await answerEc2(incoming.form, call, { region, requestId }, world, rules)
    if (service === 'sts') return answerSts(incoming.form, call, signed, keys)
    if (service === 'ssm' || !rules) return await answerSsm(signed, incoming, call, world)
    throw new Problem('KitNotImplemented', `the stand-in cloud has no service ${service}`)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    call.code = error.code
    call.status = error.status
    return { status: error.status, type: XML, text: writeProblem(error, requestId) }
  }
}
