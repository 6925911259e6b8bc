/** Takes the calls of client.cjs on a socket; each is checked, broken by rule, done, and written down. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Box } from './box.ts'
import type { Asked, Call, CallSeen } from './call.ts'
import { perform } from './commands/index.ts'
import type { Faults, Gives } from './faults.ts'
import { BadArgument, ComProblem, Refusal, SyntaxProblem } from './problem.ts'
import { canRead, localeOf, translate } from './show/words.ts'

export interface Ear {
  readonly box: Box
  readonly faults: Faults
  /** Told of each call; false: it is to have no effect, and its caller is dead. */
  before(argv: readonly string[]): boolean
  after(seen: CallSeen): void
}

export async function serve(path: string, ear: Ear): Promise<AsyncDisposable> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Whoever called may be gone by now: what was asked is done all the same.
    socket.on('error', () => {})
    answer(socket, ear).catch(error => {
      ear.box.complaints.push(`the stand-in broke: ${error instanceof Error ? error.stack : error}`)
      socket.destroy()
    })
  })
  server.listen(path)
  await once(server, 'listening')
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

/** The first line says what is asked; what follows is its standard input. */
async function readAsked(socket: Socket): Promise<{ asked: Asked; stdin: AsyncIterable<Buffer> } | undefined> {
  // At its end the other half is open yet: the answer goes there.
  const chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  let head: Buffer = Buffer.alloc(0)
  while (!head.includes(10)) {
    const { value, done } = await chunks.next()
    if (done) return undefined
    head = Buffer.concat([head, value])
  }
  const end = head.indexOf(10)
  async function* rest() {
    yield head.subarray(end + 1)
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  }
  return { asked: JSON.parse(head.toString('utf8', 0, end)) as Asked, stdin: rest() }
}

const REFUSALS = {
  'not-ready': () =>
    new ComProblem({
      text: 'The object is not ready',
      code: 'E_ACCESSDENIED',
      of: 'SessionMachine IMachine',
      context: 'GetHPETEnabled(&f)',
      at: 'VBoxManageInfo.cpp:1201',
    }),
  locked: (argv: readonly string[]) =>
    new ComProblem({
      text: `The machine '${argv[1] ?? ''}' is already locked for a session (or being unlocked)`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MachineWrap IMachine',
      context: 'LockMachine(a->session, LockType_Write)',
      at: 'VBoxManageModifyVM.cpp:640',
    }),
  'disk-full': (argv: readonly string[]) => {
    const file = argv.findLast(word => /\.(vdi|vmdk|vhd)$/i.test(word)) ?? ''
    return new ComProblem({
      text: `Could not create the medium storage unit '${file}'.\nVDI: cannot write allocated data block in '${file}' (VERR_DISK_FULL)`,
      code: 'VBOX_E_FILE_ERROR',
      of: 'MediumWrap IMedium',
      task: /^clone/.test(argv[0] ?? '') ? 'Failed to clone medium' : 'Failed to create medium',
    })
  },
} as const

function refusalOf(gives: Gives | undefined, argv: readonly string[]): Refusal | undefined {
  return typeof gives === 'string' && Object.hasOwn(REFUSALS, gives)
    ? REFUSALS[gives as keyof typeof REFUSALS](argv)
    : undefined
}

async function answer(socket: Socket, ear: Ear): Promise<void> {
  const read = await readAsked(socket)
  if (!read) return
  const { asked, stdin } = read
  const { box } = ear
  const { argv } = asked
  const said = { out: '', err: '' }
  const locale = argv.includes('--machinereadable') ? 'en' : localeOf(box.computer.locale, box.it.platform, asked.env)
  const tell = (to: 'out' | 'err') => (text: string) => {
    const shown = translate(text, locale)
    const lines = box.it.platform === 'windows' ? shown.replaceAll('\n', '\r\n') : shown
    said[to] += lines
    if (socket.writable) socket.write(`${JSON.stringify({ [to]: lines })}\n`)
  }
  const gives = ear.faults.strike(argv)
  const call: Call = { ...asked, box, gives, stdin, out: tell('out'), err: tell('err') }
  const isKill = typeof gives === 'object' && 'kill' in gives
  if (!ear.before(argv) || (isKill && gives.kill === 'before')) {
    if (isKill) process.kill(asked.parent, 'SIGKILL')
    socket.destroy()
    return
  }
  const exit = await run(call)
  ear.after({ argv, exit, stdout: said.out, stderr: said.err })
  if (isKill) process.kill(asked.parent, 'SIGKILL')
  if (socket.writable) socket.end(`${JSON.stringify({ exit })}\n`)
}

/** Its exit code; refusals are printed. */
async function run(call: Call): Promise<number> {
  const { gives, argv, box, err, out } = call
  try {
    if (!canRead(argv, box.it.platform, call.env)) {
      err('VBoxManage: fatal error: RTR3Init: VERR_NO_TRANSLATION\n')
      return 1
    }
    if (typeof gives === 'object' && 'delayMs' in gives) await sleep(gives.delayMs)
    const refusal = refusalOf(gives, argv)
    if (refusal) throw refusal
    const says = typeof gives === 'object' && 'stderr' in gives ? gives : undefined
    if (!says || says.afterEffect) await perform(says ? { ...call, out: () => {}, err: () => {} } : call)
    if (!says) return 0
    out(says.stdout ?? '')
    err(says.stderr)
    return says.exit ?? 1
  } catch (error) {
    if (!(error instanceof Refusal)) {
      box.complaints.push(`VBoxManage ${argv.join(' ')}: ${error instanceof Error ? error.stack : error}`)
      throw error
    }
    err(error.render(box.it))
    if (error instanceof SyntaxProblem || error instanceof BadArgument)
      box.complaints.push(`VBoxManage ${argv.join(' ')}: ${error.message}`)
    return error.exit
  }
}
