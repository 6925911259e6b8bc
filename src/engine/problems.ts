/**
 * What goes wrong between here and an engine: which step failed, and what to do. Steps up to the connection are here,
 * those of TLS in tls-problems.ts. Texts of OpenSSL and Node are quoted in the test.
 */
import { MachineError } from '../errors.ts'
import { TLS_PROBLEMS } from './tls-problems.ts'

/** How far an attempt had come: name resolution, TCP, the handshake, waiting for the answer, reading it. */
export type Step = 'name' | 'connect' | 'tls' | 'answer' | 'body'

/** What is known about a failed attempt. */
export interface Failure {
  readonly url: string
  /** Host of the URL. */
  readonly host: string
  readonly step: Step
  /** Node's error code, or ''. */
  readonly code: string
  /** OpenSSL's or Node's words. */
  readonly reason: string
  /** PEM of the certificate the server showed, where its dates are the question. */
  readonly shown?: string
  /** PEM of our client certificate. */
  readonly own?: string
}

export interface Problem {
  /** Matches error code and message, joined by a space. */
  readonly when: RegExp
  /** Only at these steps; at any by default. */
  readonly at?: readonly Step[]
  readonly code: 'ENGINE_UNREACHABLE' | 'ENGINE_TLS' | 'ENGINE_BAD_ANSWER'
  tell(failure: Failure): string
  hints(failure: Failure): string[]
}

const REVIVE = 'restart the engine: machine ssh NAME -- sudo systemctl restart docker'

const NETWORK_PROBLEMS: readonly Problem[] = [
  {
    when: /TIMEOUT/,
    at: ['name'],
    code: 'ENGINE_UNREACHABLE',
    tell: f => `the name ${f.host} of ${f.url} was not resolved in time`,
    hints: () => ['the name server of this computer does not answer: check its network'],
  },
  {
    when: /TIMEOUT/,
    at: ['tls'],
    code: 'ENGINE_UNREACHABLE',
    tell: f => `${f.url} accepts connections, but began no TLS in time`,
    hints: () => [REVIVE, 'or something else than the engine listens there'],
  },
  {
    when: /TIMEOUT/,
    at: ['answer', 'body'],
    code: 'ENGINE_UNREACHABLE',
    tell: f => `the engine at ${f.url} let us in, but did not answer in time`,
    hints: () => [REVIVE],
  },
  {
    when: /TIMEOUT|ETIMEDOUT/i,
    code: 'ENGINE_UNREACHABLE',
    tell: f => `no answer from ${f.url} in time`,
    hints: () => [
      'a firewall or security group between here and there often swallows packets like this: open the engine port',
      'or the host is off, or its address changed',
    ],
  },
  {
    when: /ENOTFOUND/,
    code: 'ENGINE_UNREACHABLE',
    tell: f => `the name ${f.host} of ${f.url} has no address (${f.code})`,
    hints: () => ['check the name; a name of a private network needs its name server or VPN'],
  },
  {
    when: /EAI_/,
    code: 'ENGINE_UNREACHABLE',
    tell: f => `the name ${f.host} of ${f.url} cannot be looked up (${f.code})`,
    hints: () => ['no name server answers this computer: check its network'],
  },
  {
    when: /ECONNREFUSED/,
    code: 'ENGINE_UNREACHABLE',
    tell: f => `nothing listens at ${f.url}: the connection was refused (${f.code})`,
    hints: () => ['start the engine: machine ssh NAME -- sudo systemctl start docker'],
  },
  {
    when: /EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN/,
    code: 'ENGINE_UNREACHABLE',
    tell: f => `there is no route to ${f.url} (${f.code})`,
    hints: () => ['is the host on, and is this computer in a network (or VPN) that leads there?'],
  },
  {
    when: /EACCES|EPERM/,
    code: 'ENGINE_UNREACHABLE',
    tell: f => `this computer does not let us connect to ${f.url} (${f.code})`,
    hints: () => ['a firewall or sandbox of this computer forbids it'],
  },
]

/** What is left when nothing more telling was said. */
const HUNG_UP: Problem = {
  when: /ECONNRESET|EPIPE|ECONNABORTED|socket hang up|disconnected before secure|aborted/,
  code: 'ENGINE_UNREACHABLE',
  tell: ({ url, step }) => {
    if (step === 'tls') return `${url} closed the connection during the TLS handshake`
    if (step === 'answer') return `${url} closed the connection without an answer`
    return `${url} closed the connection${step === 'body' ? ' in the middle of its answer' : ''}`
  },
  hints: ({ step }) =>
    step === 'answer'
      ? ['some servers refuse a client certificate like this: was the engine set up with the CA of this store?', REVIVE]
      : [REVIVE, 'or something between here and there ends the connection'],
}

const PROBLEMS: readonly Problem[] = [...NETWORK_PROBLEMS, ...TLS_PROBLEMS, HUNG_UP]

/** What an attempt knows besides the error. */
export type Attempt = Partial<Pick<Failure, 'step' | 'shown' | 'own'>>

/** Turns a network or TLS error at `url` into ours: ENGINE_UNREACHABLE, ENGINE_TLS or ENGINE_BAD_ANSWER. */
export function engineProblem(url: string, error: unknown, attempt: Attempt = {}): MachineError {
  if (error instanceof MachineError) return error
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException
  const host = URL.canParse(url) ? new URL(url).hostname : url
  const failure: Failure = { url, host, step: 'connect', code, reason: reasonIn(message), ...attempt }
  const text = `${code} ${message}`
  const known = PROBLEMS.find(p => p.when.test(text) && (p.at === undefined || p.at.includes(failure.step)))
  if (known) return new MachineError(known.code, known.tell(failure), { cause: error, hints: known.hints(failure) })
  return new MachineError('ENGINE_BAD_ANSWER', `the engine at ${url} cannot be used: ${failure.reason}`, {
    cause: error,
  })
}

/** OpenSSL's own words out of `…:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:…`. */
function reasonIn(message: string): string {
  return /:[\w ]+ routines:[^:]*:([^:\n]+)/.exec(message)?.[1] ?? message.replace(/\s+/g, ' ').trim()
}
