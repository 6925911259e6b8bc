/** A real dockerd of the test's own on this computer, with a bridge of its own, for containers that are hosts. Needs root. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { must, run } from './cli.ts'
import { TEST_STATE, testSubnet } from './places.ts'
import { which } from './which.ts'

export interface LocalEngine extends AsyncDisposable {
  /** unix://… */
  readonly url: string
  /** Runs the docker client on it; throws unless it exits 0; returns trimmed stdout. */
  docker(...args: string[]): Promise<string>
  /** Containers and volumes there are, as text. */
  things(): Promise<string>
}

/** How long it may take to come up or to go. */
const DEADLINE_MS = 60_000

export async function startLocalEngine(): Promise<LocalEngine> {
  const program = which('dockerd')
  if (!program) throw new Error('no dockerd on this computer: apt-get install docker.io')
  mkdirSync(TEST_STATE, { recursive: true })
  const dir = mkdtempSync(join(TEST_STATE, 'engine-'))
  const at = (name: string) => join(dir, name)
  const gateway = testSubnet('vagrant').replace(/0\/24$/, '1/24')
  const bridge = `mv-${gateway.split('.')[2]}`
  const takeBridge = () => run('ip', ['link', 'del', bridge])
  await takeBridge() // of a run that was killed
  execFileSync('ip', ['link', 'add', bridge, 'type', 'bridge'])
  execFileSync('ip', ['addr', 'add', gateway, 'dev', bridge])
  execFileSync('ip', ['link', 'set', bridge, 'up'])
  writeFileSync(at('daemon.json'), '{}') // not the computer's own
  const url = `unix://${at('docker.sock')}`
  const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
  const network = [`--bridge=${bridge}`, '--iptables=false', '--ip6tables=false', '--ip-forward=false']
  const args = ['--config-file', at('daemon.json'), ...places, ...network, '-H', url]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const docker = async (...words: string[]) =>
    must(`docker ${words.join(' ')}`, await run('docker', words, { env: { DOCKER_HOST: url } })).trim()
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      for (const id of (await docker('ps', '-aq').catch(() => '')).split('\n'))
        if (id !== '') await docker('rm', '-f', '-v', id).catch(() => '')
      const killer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
      child.kill('SIGTERM')
      await once(child, 'exit')
      clearTimeout(killer)
    }
    await takeBridge()
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    for (const deadline = Date.now() + DEADLINE_MS; !log.includes('API listen on'); await sleep(50)) {
      if (child.exitCode !== null) throw new Error(`dockerd ended: ${log}`)
      if (Date.now() > deadline) throw new Error(`dockerd does not listen: ${log}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
  const things = async () =>
    [await docker('ps', '-a', '--format', '{{.Names}}'), await docker('volume', 'ls', '-q')].join('\n')
  return { url, docker, things, [Symbol.asyncDispose]: stop }
}
