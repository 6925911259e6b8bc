/** A home with one ready machine called `dev`, for the tests of what one does with a machine. */
import { type Home, must, type Ran, type RunOptions, run, startHome } from './cli.ts'
import { type Followed, follow } from './follow.ts'
import { TEST_STATE, testSubnet } from './places.ts'

export interface Dev extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  readonly home: Home
  /** Address of the machine. */
  readonly address: string
  /** Address of the bridge on this computer, which the machine reaches. */
  readonly gateway: string
  /** Runs the docker client on the machine; throws unless it exits 0; returns trimmed stdout. */
  docker(...args: string[]): Promise<string>
  /** The same, whatever its exit code. */
  dockerWith(options: RunOptions, ...args: string[]): Promise<Ran>
  /** Starts the docker client and reads along. */
  dockerFollow(...args: string[]): Promise<Followed>
  /** Runs a shell command on the machine as root (`machine ssh`); throws unless it exits 0; returns trimmed stdout. */
  ssh(command: string, input?: string): Promise<string>
}

/** Environment of hosts of a test file: one subnet for the files that run one after the other, a folder of their own. */
export function hostEnv(file: string, subnet = testSubnet('dev')): Record<string, string> {
  return { MACHINE_NSPAWN_SUBNET: subnet, MACHINE_NSPAWN_STATE_DIR: `${TEST_STATE}/${file}` }
}

/** Makes the machine with `machine create -d nspawn`; `file` names the test file, `flags` are further flags. */
export async function startDev(file: string, ...flags: string[]): Promise<Dev> {
  const home = await startHome(hostEnv(file))
  try {
    await home.ok('create', '-d', 'nspawn', ...flags, 'dev')
    const address = (await home.ok('ip', 'dev')).trim()
    const env = async () => ({ ...home.env, ...(await home.dockerEnv('dev')) })
    return {
      home,
      address,
      gateway: address.replace(/\d+$/, '1'),
      docker: (...args) => home.dockerOk('dev', ...args),
      dockerWith: async (options, ...args) =>
        run('docker', args, { ...options, env: { ...(await env()), ...options.env } }),
      dockerFollow: async (...args) => follow('docker', args, await env()),
      async ssh(command, input = '') {
        return must(`ssh: ${command}`, await home.cliWith({ input }, 'ssh', 'dev', '--', command)).trim()
      },
      [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
    }
  } catch (error) {
    await home[Symbol.asyncDispose]()
    throw error
  }
}
