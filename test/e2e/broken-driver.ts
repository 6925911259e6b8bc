/** Copies of a driver with one text replaced: what a slip of the hand, or a merge gone wrong, would make of it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

export interface Break {
  /** In the driver's folder, or 'cloud/FILE' for what cloud drivers share. */
  readonly file: string
  /** Must be there, once. */
  readonly text: string
  readonly by: string
}

const drivers = join(import.meta.dirname, '../../drivers')
const { resolve } = createRequire(import.meta.url)

/** The driver of that name, broken, as a module written into `scratch`. Libraries are not copied. */
export async function brokenDriver<D>(name: string, scratch: string, id: string, breaks: readonly Break[]): Promise<D> {
  const done = new Set<Break>()
  const replace: Plugin = {
    name: 'replace',
    setup({ onLoad, onResolve }) {
      // What loads the cloud's library is the same for all, unless it is what is broken.
      const sdk = join(drivers, name, 'sdk.ts')
      if (!breaks.some(({ file }) => file === 'sdk.ts'))
        onResolve({ filter: /^\.\/sdk\.ts$/ }, () => ({ path: sdk, external: true }))
      // From where the copy lies no library would be found by its name.
      onResolve({ filter: /^(@[\w-]+\/)?[a-z]/ }, ({ path, kind }) =>
        kind === 'entry-point' || path.startsWith('node:') ? undefined : { path: resolve(path), external: true },
      )
      onLoad({ filter: /drivers[\\/][\w-]+[\\/][\w-]+\.ts$/ }, ({ path }) => {
        const mine = breaks.filter(({ file }) => join(drivers, file.includes('/') ? file : `${name}/${file}`) === path)
        let contents = readFileSync(path, 'utf8')
        for (const each of mine) {
          if (contents.split(each.text).length !== 2) throw new Error(`${each.file} has not once: ${each.text}`)
          contents = contents.replace(each.text, () => each.by)
          done.add(each)
        }
        return { contents, loader: 'ts' }
      })
    },
  }
  const outfile = join(scratch, `${id}.mjs`)
  await build({
    entryPoints: [join(drivers, name, 'index.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    outfile,
    plugins: [replace],
    logLevel: 'silent',
  })
  const undone = breaks.find(each => !done.has(each))
  if (undone) throw new Error(`the driver does not use ${undone.file}`)
  return (await import(pathToFileURL(outfile).href))[name]
}
