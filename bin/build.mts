/**
 * Builds what is shipped: dist/cli (the command line, one bundle with lazily loaded parts) and dist/lib (the library with
 * its types). Does nothing when the sources have not changed since the last build.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { drivers } from '../drivers/index.ts'
import { completionTable } from '../src/completion/table.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const stamp = join(dist, '.sources')

const inputs = [
  'package.json',
  'package-lock.json',
  'tsconfig*.json',
  'bin/build.mts',
  '{src,drivers,provisioning,agent}/**/*.ts',
  'src/completion/scripts/*',
]
const digest = createHash('sha256')
for await (const file of glob(inputs, { cwd: root })) digest.update(file).update(readFileSync(join(root, file)))
const sources = digest.digest('hex')

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) {
  console.error('machine is built and up to date')
} else {
  rmSync(stamp, { force: true }) // a build that fails half-way is none
  const common = {
    metafile: true,
    absWorkingDir: root,
    outdir: 'dist/cli',
    bundle: true,
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    logLevel: 'warning',
    define: { __BUILD__: JSON.stringify(sources.slice(0, 8)) },
  } as const
  const { metafile } = await build({
    ...common,
    entryPoints: { main: 'src/main.ts', commands: 'src/commands.ts' },
    splitting: true,
    format: 'esm',
    // CommonJS libraries inside an ES module bundle still call require, __filename and __dirname.
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; import { fileURLToPath as __fu } from 'node:url'; import { dirname as __dn } from 'node:path'; const require = __cr(import.meta.url); const __filename = __fu(import.meta.url); const __dirname = __dn(__filename);",
    },
    // Native addons of ssh2, optional: it works without them.
    // oclif would load TypeScript for commands written in it; ours are built.
    external: ['cpu-features', '*.node', 'typescript'],
  })
  // One file of CommonJS, where Node's modules can be loaded late. Nothing it does logs in to a host: no library is in it.
  const quick = await build({
    ...common,
    entryPoints: { quick: 'src/quick/index.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    packages: 'external',
    define: { ...common.define, 'import.meta.url': '__url' },
    // Node's modules are loaded when something of them is used: crypto alone costs as much as all that is ours.
    banner: {
      js: "const __now = require; require = name => { if (!name.startsWith('node:')) return __now(name); let it; return new Proxy({}, { get: (_, key) => (it ??= __now(name))[key] }); }; const __url = 'file://' + __filename;",
    },
  })
  Object.assign(metafile.outputs, quick.metafile.outputs)
  // What shells complete, read off the commands just built: see src/completion/table.ts.
  const { COMMANDS } = await import(pathToFileURL(join(dist, 'cli/commands.js')).href)
  const completion = join(dist, 'cli/completion')
  cpSync(join(root, 'src/completion/scripts'), completion, { recursive: true })
  writeFileSync(join(completion, 'table.json'), JSON.stringify(completionTable(COMMANDS, drivers)))
  removeOldParts(new Set(['completion', ...Object.keys(metafile.outputs).map(file => basename(file))]))
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.lib.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  writeFileSync(stamp, sources)
  console.error('built dist/cli and dist/lib')
}

/** A command that runs now may still load parts of the build before this one: those stay for an hour. */
function removeOldParts(current: Set<string>): void {
  const folder = join(dist, 'cli')
  for (const file of readdirSync(folder))
    if (!current.has(file) && Date.now() - statSync(join(folder, file)).mtimeMs > 3_600_000) rmSync(join(folder, file))
}
