import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archivesOf, sourceLines } from './apt-sources.ts'

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

async function readAptSources(etc: string): Promise<Record<string, string>> {
  const files: Record<string, string> = { 'sources.list': await readIfThere(join(etc, 'apt/sources.list')) }
  for (const name of await readdir(join(etc, 'apt/sources.list.d')).catch(() => [])) {
    if (/\.(list|sources)$/.test(name)) files[name] = await readIfThere(join(etc, 'apt/sources.list.d', name))
  }
  return files
}

/**
 * Lines of sources.list to build `suite` from: the mirror asked for, else this computer's own when it runs Debian, else
 * none, which leaves the choice to mmdebstrap. A mirror asked for serves all three: only it can say where its security
 * archive lies, so that one is left out.
 */
export async function readSources(suite: string, mirror: string | undefined, etc = '/etc'): Promise<string[]> {
  if (mirror !== undefined) return sourceLines(suite, { main: mirror.replace(/\/+$/, '') })
  const release = await readIfThere(join(etc, 'os-release'))
  if (!/^ID="?debian"?$/m.test(release)) return []
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1] ?? suite
  const archives = archivesOf(await readAptSources(etc), codename)
  return archives === undefined ? [] : sourceLines(suite, archives)
}
