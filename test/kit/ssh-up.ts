/** ssh to a host that may be booting yet: as a login, with a key, and no knowledge of the host. */
import { setTimeout as sleep } from 'node:timers/promises'
import { must, type Ran, run } from './cli.ts'

const OPTIONS = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=2']
export const SSH = OPTIONS.flatMap(option => ['-o', option])

/** One try. */
export const sshOnce = (keyFile: string, login: string, command: string): Promise<Ran> =>
  run('ssh', [...SSH, '-o', 'BatchMode=yes', '-i', keyFile, login, command])

/** What a command says there, once sshd is up and lets the key in: `login` is USER@ADDRESS. */
export async function sshOnceUp(keyFile: string, login: string, command: string): Promise<string> {
  for (const end = Date.now() + 90_000; ; await sleep(300)) {
    const done = await sshOnce(keyFile, login, command)
    if (done.code !== 255 || Date.now() > end) return must(`ssh ${login} ${command}`, done).trim()
  }
}
