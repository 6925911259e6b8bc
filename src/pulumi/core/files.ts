/**
 * A machine's small files as text, for the stack's state: its record, keys and certificates. What is large, or means something
 * on one computer alone, stays in the working folder.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Store } from '../../store/store.ts'

/** Paths inside the store, `NAME` standing for the machine's folder, to contents. */
export type Files = Readonly<Record<string, string>>

/** Records, keys and certificates have a few kilobytes. */
const MAX_BYTES = 256 * 1024
/** All others are for their owner's eyes alone. */
const PUBLIC = /^(ca|ca-cross|cert|server)\.pem$|\.pub$/

/** All small files of a machine, and the CA's unless the store is the user's own: that is not this stack's to keep. */
export async function collect(store: Store, name: string, own: boolean): Promise<Files> {
  const folders = own ? ['certs', join('machines', name)] : [join('machines', name)]
  const files: Record<string, string> = {}
  for (const folder of folders)
    for (const file of await readdir(join(store.path, folder)).catch(() => [])) {
      const path = join(store.path, folder, file)
      const { size } = await stat(path).then(
        s => (s.isFile() ? s : { size: Number.POSITIVE_INFINITY }),
        () => ({ size: Number.POSITIVE_INFINITY }),
      )
      if (size <= MAX_BYTES && !file.startsWith('.') && !/\.(pending|tmp|bak)$/.test(file))
        files[`${folder === 'certs' ? 'certs' : 'NAME'}/${file}`] = await readFile(path, 'utf8')
    }
  return files
}

/**
 * Puts them where they belong. The stack's state is what counts: what lies there is replaced, what else lies there stays.
 */
export async function lay(store: Store, name: string, files: Files): Promise<void> {
  await store.ensure()
  for (const [path, content] of Object.entries(files)) {
    const [folder = '', file = ''] = path.split('/')
    const parts = folder === 'NAME' ? ['machines', name, file] : [folder, file]
    await mkdir(dirname(store.filePath(parts)), { recursive: true, mode: 0o700 })
    if ((await store.readFile(parts)) === content) continue
    await store.writeFile(parts, content, PUBLIC.test(file) ? 0o644 : 0o600)
  }
}
