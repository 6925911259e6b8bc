/** An image without a registry: this computer's static busybox, all its commands linked. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Home } from './cli.ts'
import { which } from './which.ts'

/** Imports it into the machine's engine as `busybox:latest` and returns that name. */
export async function importBusybox(home: Home, name: string): Promise<string> {
  const busybox = which('busybox')
  if (busybox === undefined) throw new Error('images for tests need busybox-static')
  const folder = mkdtempSync(join(tmpdir(), 'machine-image-'))
  try {
    const tree = join(folder, 'tree')
    for (const part of ['bin', 'tmp', 'etc', 'root', 'var']) mkdirSync(join(tree, part), { recursive: true })
    execFileSync('cp', [busybox, join(tree, 'bin/busybox')])
    for (const command of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n'))
      if (command !== 'busybox') execFileSync('ln', ['-sf', 'busybox', join(tree, 'bin', command)])
    const tar = join(folder, 'busybox.tar')
    execFileSync('tar', ['-C', tree, '--numeric-owner', '--owner=0', '--group=0', '-cf', tar, '.'])
    await home.dockerOk(name, 'import', '--change', 'CMD ["sh"]', tar, 'busybox:latest')
    return 'busybox:latest'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
