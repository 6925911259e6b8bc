/** The live task list, one block a machine: the phases done with their times, the one that runs, and how far it is. */
import type { MachineEvent } from '../events.ts'
import { fitted } from './live.ts'
import { withBar } from './progress.ts'
import type { Reporter } from './reporter.ts'

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
const FRAME_MS = 80
/** Of a terminal that does not tell its width. */
const COLUMNS = 80

interface Line {
  text: string
  detail: string
  started: number
  ended?: number
  failed?: boolean
}

interface Block {
  name: string
  lines: Line[]
  notes: string[]
}

export function taskList(names: readonly string[], stream: NodeJS.WriteStream): Reporter {
  const blocks = new Map<string, Block>(['', ...names].map(name => [name, { name, lines: [], notes: [] }]))
  let drawing: Promise<Drawing> | undefined = openDrawing(stream)
  let timer: NodeJS.Timeout | undefined
  let frame = 0
  const shown = (final: boolean) =>
    render([...blocks.values()], { frame, final, named: names.length > 1, columns: stream.columns || COLUMNS })
  const draw = () =>
    void drawing?.then(d => {
      frame += 1
      d.update(shown(false))
    })
  const start = () => {
    timer ??= setInterval(draw, FRAME_MS).unref()
  }
  return {
    say(event) {
      // What concerns all machines stands above them, as a block without a name.
      const name = event.machine ?? ''
      const block = blocks.get(name) ?? { name, lines: [], notes: [] }
      blocks.set(name, block)
      take(block, event, Date.now())
      start()
    },
    pause() {
      clearInterval(timer)
      timer = undefined
      void drawing?.then(d => d.done())
    },
    async end() {
      clearInterval(timer)
      const last = await drawing
      drawing = undefined
      if (!last || [...blocks.values()].every(b => b.lines.length === 0 && b.notes.length === 0)) return last?.done()
      for (const block of blocks.values()) close(block, Date.now(), block.lines.at(-1)?.failed ?? false)
      // What stays is written as plain text: longer than the screen, its lines to be copied whole.
      last.clear()
      last.done()
      stream.write(`${shown(true)}\n`)
    },
  }
}

interface Drawing {
  update(text: string): void
  clear(): void
  done(): void
}

async function openDrawing(stream: NodeJS.WriteStream): Promise<Drawing> {
  const { createLogUpdate } = await import('log-update')
  const log = createLogUpdate(stream)
  return { update: text => log(text), clear: () => log.clear(), done: () => log.done() }
}

function take(block: Block, event: MachineEvent, now: number): void {
  const current = block.lines.at(-1)
  if (event.type === 'phase') {
    if (current?.text === event.text && current.ended === undefined) return
    close(block, now, false)
    block.lines.push({ text: event.text, detail: '', started: now })
  } else if (event.type === 'progress') {
    if (current) current.detail = withBar(event)
  } else if (event.type === 'finished') {
    close(block, now, false)
  } else if (event.type === 'failed') {
    close(block, now, true)
  } else {
    block.notes.push(event.type === 'warn' ? `warning: ${event.text}` : event.text)
  }
}

function close(block: Block, now: number, failed: boolean): void {
  const current = block.lines.at(-1)
  if (!current || current.ended !== undefined) return
  current.ended = now
  current.failed = failed
}

interface View {
  frame: number
  /** What stays: notes in full, however long. While it is drawn, a line is a line of the screen. */
  final: boolean
  named: boolean
  columns: number
}

function render(blocks: readonly Block[], view: View): string {
  const now = Date.now()
  const note = (text: string) => (view.final ? text : fitted(text.replace(/\s+/g, ' '), view.columns))
  return blocks
    .flatMap(({ name, lines, notes }) => [
      ...(view.named && name !== '' ? [fitted(name, view.columns)] : []),
      ...lines.map(line => renderLine(line, view, now)),
      ...notes.map(text => note(name === '' ? text : `${view.named ? '    ' : '  '}${text}`)),
    ])
    .join('\n')
}

function renderLine(line: Line, { frame, named, columns }: View, now: number): string {
  const running = line.ended === undefined
  const mark = running ? FRAMES[frame % FRAMES.length] : line.failed ? '✖' : '✔'
  const seconds = ((line.ended ?? now) - line.started) / 1000
  const detail = running && line.detail ? `: ${line.detail}` : ''
  return fitted(`${named ? '  ' : ''}${mark} ${line.text}${detail}`, columns, ` ${seconds.toFixed(1)} s`)
}
