/** Terminals of other kinds than a wide one in colour: narrow, dumb, without colour, of CI. No host is made. */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { openScreen, type Screen, type ScreenOptions } from '../kit/screen.ts'
import { needs } from '../kit/tools.ts'
import { type Listening, listen } from '../unit/engine/servers.ts'

jest.setTimeout(120_000)
const test = needs('tmux')

let home: Home
/** Takes connections and says nothing: a create waits for its SSH. */
let mute: Listening
beforeAll(async () => {
  home = await startHome()
  mute = await listen(createServer(socket => socket.on('error', () => {})))
})
afterAll(async () => {
  await mute?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

const WAITING = 'Waiting for SSH to be available...'

/** Begins a create that will wait for SSH, has a look while it waits, and interrupts it. */
async function createAndStop(
  name: string,
  options: ScreenOptions & { sets?: string },
  look: (screen: Screen) => Promise<void>,
) {
  using screen = openScreen(home, options)
  const at = `--generic-ip-address 127.0.0.1 --generic-ssh-port ${mute.port}`
  screen.type(`clear; ${options.sets ?? ''} machine create -d generic ${at} ${name}; echo "left $?"`)
  await look(screen)
  screen.keys('C-c')
  await screen.shows(/^left 130$/m)
  return screen.text()
}

/** The lines of a screen from the list on. */
const listed = (text: string) => text.slice(Math.max(0, text.search(/^[✔✖⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/m))).split('\n')

test('40 columns: a line is a line, drawn in its place', async () => {
  const text = await createAndStop('narrow', { columns: 40 }, async screen => {
    await screen.shows(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Waiting for SSH to be avail.*… [1-9]\.\d s$/m)
    const lines = listed(screen.text()).filter(line => line !== '')
    expect(lines.length).toBeGreaterThanOrEqual(3)
    for (const line of lines) {
      expect(line).toMatch(/^[✔⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] .* \d+\.\d s$/)
      expect([...line].length).toBeLessThanOrEqual(40)
    }
  })
  const phases = listed(text).filter(line => /^[✔✖] /.test(line))
  expect(phases[0]).toMatch(/^✔ Running pre-create checks\.\.\. \d\.\d s$/)
  expect(phases.at(-1)).toMatch(/^✖ Waiting for SSH to be avail.*… \d+\.\d s$/)
  expect(new Set(phases.map(line => line.slice(0, 16))).size).toBe(phases.length) // each once
})

// tmux sets TERM itself: it is set for the command alone.
for (const [kind, sets] of [
  ['dumb', 'TERM=dumb'],
  ['CI', 'CI=true'],
] as const)
  test(`${sets}: plain lines`, async () => {
    const waits = new RegExp(`^${WAITING.replaceAll('.', '\\.')}$`, 'm')
    const text = await createAndStop(kind, { sets }, screen => screen.shows(waits))
    expect(text).toMatch(/^Running pre-create checks\.\.\.$/m)
    expect(text).not.toMatch(/[✔✖⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
  })

test('NO_COLOR: nothing that sets a colour or a weight', async () => {
  const transcript = join(home.path, 'transcript')
  using screen = openScreen(home, { env: { NO_COLOR: '1' } })
  const words = [
    '--help',
    'create --help',
    'ls',
    'inspect nosuch',
    'env --bad',
    'create -d none --url tcp://192.0.2.1:2376 plain',
  ]
  screen.type(`script -qc '${words.map(w => `machine ${w}`).join('; ')}' ${transcript} >/dev/null; echo "left $?"`)
  await screen.shows(/^left \d+$/m)
  screen.type(`clear; grep -c 'Running pre-create' ${transcript}; grep -cP '\\x1b\\[[\\d;]*m' ${transcript}`)
  await screen.shows(/^[1-9]\d*\n0$/m)
})

test('ls in 40 columns: the rows of the table, which the terminal wraps', async () => {
  await home.ok('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'far-away')
  using screen = openScreen(home, { columns: 40 })
  screen.type("clear; machine ls -t 1 -f '{{.Name}} {{.DriverName}}' --filter name=far")
  await screen.shows(/^far-away none$/m)
})
