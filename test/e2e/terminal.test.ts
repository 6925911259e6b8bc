/** What a person sees: the CLI in a real terminal (tmux), read from the screen. */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { openScreen, type Screen } from '../kit/screen.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(180_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const test = needs('tmux')

suite(why ? `in a terminal [${why}]` : 'in a terminal', () => {
  let home: Home
  let screen: Screen
  beforeAll(async () => {
    home = await startHome(hostEnv('terminal'))
    screen = openScreen(home)
  })
  afterAll(async () => {
    screen?.[Symbol.dispose]()
    await home?.[Symbol.asyncDispose]()
  })

  test('create: a live list with times, and below it the line to copy', async () => {
    screen.type('machine create -d nspawn dev; echo "left $?"')
    // running: a mark that turns, and what has been done above it
    await screen.shows(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] .+ \d+\.\d s$/m)
    await screen.shows(/^left 0$/m)
    const lines = screen.text().split('\n')
    const done = lines
      .filter(line => /^✔ .+ \d+\.\d s$/.test(line))
      .map(line => line.replace(/^✔ (.*) [\d.]+ s$/, '$1'))
    expect(done).toEqual(
      expect.arrayContaining([
        'Running pre-create checks...',
        'Creating machine...',
        'Checking connection to Docker...',
      ]),
    )
    expect(new Set(done).size).toBe(done.length) // each once: nothing was drawn twice
    expect(lines[lines.indexOf('left 0') - 1]).toMatch(
      /^To point your Docker client at it, run: eval \$\(.*machine env dev\)$/,
    )
  })

  test('the line it told, typed as it stands, points docker at the machine', async () => {
    const [, line = ''] = /run: (eval .*)$/m.exec(screen.text()) ?? []
    screen.clear()
    screen.type(line)
    screen.type("docker info -f 'engine of {{.Name}}'")
    await screen.shows(/^engine of dev$/m)
  })

  test('create of several: a block each, and a line to copy each', async () => {
    screen.clear()
    screen.type('machine create -d none --url tcp://192.0.2.7:2376 n1 n2; echo "left $?"')
    await screen.shows(/^left 0$/m)
    expect(screen.text()).toMatch(/^n1$/m)
    expect(screen.text()).toMatch(/^n2$/m)
    expect(screen.text()).toMatch(/^ {2}✔ Running pre-create checks\.\.\./m)
  })

  test('a create that fails marks the step, and ends with the reason', async () => {
    screen.clear()
    screen.type(
      'machine create -d generic --generic-ip-address 127.0.0.1 --generic-ssh-key /nowhere bad; echo "left $?"',
    )
    await screen.shows(/^left [^0]/m)
    expect(screen.text()).toMatch(/^✖ Running pre-create checks\.\.\. /m)
    expect(screen.text()).toContain('/nowhere')
  })

  test('ssh logs in with a terminal, and Ctrl-C there is the remote program’s', async () => {
    screen.clear()
    screen.type('machine ssh dev')
    await screen.shows(/root@dev:~#$/m)
    screen.type('tty; sleep 1000')
    await screen.shows(/^\/dev\/pts\/\d+$/m)
    screen.keys('C-c')
    screen.type('echo still $((40 + 2)); exit 5')
    await screen.shows(/^still 42$/m)
    screen.type('echo "left $?"')
    await screen.shows(/^left 5$/m)
  })

  test('rm asks, and takes y for yes', async () => {
    screen.clear()
    screen.type('machine rm n1 n2')
    await screen.shows(/^Are you sure\? \(y\/n\):/m)
    screen.type('y')
    await screen.shows(/^Successfully removed n2$/m)
    expect(await home.ok('ls', '-q')).toBe('dev\n')
  })
})
