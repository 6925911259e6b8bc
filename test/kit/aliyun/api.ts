/** One request, from the form to the answer's text: the order in which things are checked, counted, broken and done. */
import { createHash, randomUUID } from 'node:crypto'
import { answerCall } from '../cloud/answer.ts'
import type { Data } from '../cloud/data.ts'
import type { Faults } from '../cloud/faults.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import type { Reply, Written } from '../cloud/serve.ts'
import type { AliyunCall } from './calls.ts'
import { type Own, throttled, WORDS } from './faults.ts'
import type { Gateway } from './gateway.ts'
import { REGIONS } from './offers.ts'
import { readParameters } from './parameters.ts'
import { SERVICES, type Service } from './tables/index.ts'
import { addDefaultVpc } from './vpc-view.ts'
import type { Ask, Effect, Handler, World } from './world.ts'

interface Token {
  readonly digest: string
  readonly answer: Promise<Data>
}

export class Api {
  readonly #world: World
  readonly #gateway: Gateway
  readonly #handlerOf: (service: Service, action: string) => Handler
  readonly #faults: Faults<Own>
  readonly #defaultVpc: boolean
  readonly #tokens = new Map<string, Token>()
  readonly denied = new Set<string>()
  /** What the real API lets pass in silence, though no good client sends it. */
  readonly complaints: string[] = []
  #recent: number[] = []

  constructor(
    world: World,
    gateway: Gateway,
    handlerOf: (service: Service, action: string) => Handler,
    faults: Faults<Own>,
    defaultVpc: boolean,
  ) {
    this.#world = world
    this.#gateway = gateway
    this.#handlerOf = handlerOf
    this.#faults = faults
    this.#defaultVpc = defaultVpc
  }

  /** Never throws: what goes wrong is an answer too. `aside` is for the kit's own questions: no faults, no denials. */
  answer(service: Service, form: URLSearchParams, call: AliyunCall, aside: boolean): Promise<Reply> {
    const requestId = randomUUID().toUpperCase()
    const ask: Ask = { service, action: call.action, region: this.#world.region, parameters: {} }
    return answerCall<Own>(call, {
      prepare: () => this.#prepare(service, form, ask, call, aside),
      strike: () => (aside ? undefined : this.#faults.strike(call, ask.aims)),
      words: () => WORDS,
      dryRun: ['DryRunOperation', 'Request validation has been passed with DryRun flag set.'],
      write: answer => json(200, { RequestId: requestId, ...answer }),
      refuse: problem => this.#refuse(problem, call, requestId),
      say: this.#world.say,
    })
  }

  #refuse(problem: Problem, call: AliyunCall, requestId: string): Written {
    if (/^(UnsupportedParameter|RepeatedParameter)$/.test(problem.code))
      this.complaints.push(`${call.action}: ${problem.message}`)
    return json(problem.status, {
      RequestId: requestId,
      HostId: `${call.service}.aliyuncs.com`,
      Code: problem.code,
      Message: problem.message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${problem.code}&product=${call.service}&requestId=${requestId}`,
    })
  }

  /** All that is refused without an effect; dry runs come as far as this. */
  async #prepare(service: Service, form: URLSearchParams, ask: Ask, call: AliyunCall, aside: boolean): Promise<Effect> {
    const { version, actions } = SERVICES[service]
    this.#gateway.check(call.method, form, version)
    const action = Object.hasOwn(actions, ask.action) ? actions[ask.action] : undefined
    if (!action)
      throw new Problem('InvalidAction.NotFound', 'Specified api is not found, please check your url and method.', 404)
    call.dryRun = /^true$/i.test(form.get('DryRun') ?? '')
    const { DryRun: _, ...parameters } = readParameters(action.parameters, form)
    call.parameters = withoutSecrets(parameters)
    const region = String(parameters.RegionId || this.#world.region)
    refuseUnless(
      Object.hasOwn(REGIONS, region),
      'InvalidRegionId.NotFound',
      'The specified RegionId does not exist.',
      404,
    )
    if (parameters.RegionId) Object.assign(call, { region })
    Object.assign(ask, { parameters, region })
    this.#enter(region)
    if (!aside) this.#mayCall(service, ask.action)
    return this.#once(ask, call)
  }

  /** In each region an account has a default VPC, unless it never had one. */
  #enter(region: string): void {
    const { entered } = this.#world
    if (entered.has(region)) return
    entered.add(region)
    if (this.#defaultVpc) addDefaultVpc(region, this.#world)
  }

  #mayCall(service: Service, action: string): void {
    const name = `${service}:${action}`
    if (this.denied.has(action) || this.denied.has(name))
      throw new Problem(
        'Forbidden.RAM',
        `User not authorized to operate on the specified resource, or this API doesn't support RAM. (${name})`,
        403,
      )
    const now = Date.now()
    this.#recent = [...this.#recent.filter(at => now - at < 1000), now]
    if (this.#recent.length > this.#world.quotas.callsPerSecond) throw throttled()
  }

  /** The effect of the request; of one that came before with the same ClientToken, that one's answer. */
  async #once(ask: Ask, call: AliyunCall): Promise<Effect> {
    const handler = this.#handlerOf(ask.service as Service, ask.action)
    const { ClientToken: token, ...rest } = ask.parameters
    if (token === undefined || token === '' || call.dryRun) return handler(ask, this.#world)
    const key = `${ask.region} ${ask.action} ${token}`
    const digest = createHash('sha256').update(JSON.stringify(rest)).digest('hex')
    const before = () => {
      const known = this.#tokens.get(key)
      if (!known) return undefined
      refuseUnless(
        known.digest === digest,
        'IdempotentParameterMismatch',
        'The specified parameters are different from those of an earlier request with the same ClientToken.',
      )
      return known.answer
    }
    if (before()) return async () => ({ ...(await before()) })
    const effect = handler(ask, this.#world)
    return async () => {
      // Asked twice at once: the second gets the first's answer.
      const racing = before()
      if (racing) return { ...(await racing) }
      const answer = Promise.resolve(effect())
      this.#tokens.set(key, { digest, answer })
      answer.catch(() => this.#tokens.delete(key))
      return answer
    }
  }
}

const json = (status: number, body: object): Written => ({
  status,
  type: 'application/json;charset=utf-8',
  text: JSON.stringify(body),
})

/** What a record may show: that there was a password, not which. */
function withoutSecrets(parameters: Data): Data {
  return 'Password' in parameters ? { ...parameters, Password: '(set)' } : parameters
}
