/**
 * Builds what is shipped: dist/cli (the command line, one bundle with lazily loaded parts), dist/lib (the library with its
 * types) and dist/agent.cjs (the program that is pushed to hosts). Does nothing when the sources have not changed since the last build.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'
import { drivers } from '../drivers/index.ts'
import { completionTable } from '../src/completion/table.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const stamp = join(dist, '.sources')
/** It goes to every host, over whatever line leads there. */
const AGENT_MAX_BYTES = 300 * 1024

/** The AWS client for EC2, cut down to what the driver calls: see drivers/amazonec2/sdk.ts. Whole, it has 2.8 MB. */
const EC2_CLIENT_MAX_BYTES = 600 * 1024
/**
 * The client describes each message of each action in objects with computed names, which a bundler must keep for what
 * computing them might do. The names are constants: written out, what no command of ours needs falls away.
 */
const awsSchemas: Plugin = {
  name: 'aws-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-\w+[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const names = new Map([...text.matchAll(/^const (_\w+) = ("[^"\n]*");$/gm)].map(m => [m[1], m[2]]))
      return { contents: text.replace(/\[(_\w+)\]:/g, (all, name) => (names.has(name) ? `${names.get(name)}:` : all)) }
    })
  },
}

/** What src/quick needs of a provider's library it takes out of the command line's bundle, where it is small. */
const sharedSdk: Plugin = {
  name: 'shared-sdk',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/sdk\.ts$/ }, ({ resolveDir }) => ({
      path: `./${basename(resolveDir)}-sdk.js`,
      external: true,
    }))
  },
}

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
    entryPoints: {
      main: 'src/main.ts',
      commands: 'src/commands.ts',
      'aliyunecs-sdk': 'drivers/aliyunecs/sdk.ts',
      'amazonec2-sdk': 'drivers/amazonec2/sdk.ts',
    },
    splitting: true,
    format: 'esm',
    // The ES form of a library, where it has one: of that, what nobody calls can be left out.
    mainFields: ['module', 'main'],
    plugins: [awsSchemas],
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
    plugins: [sharedSdk],
    define: { ...common.define, 'import.meta.url': '__url' },
    // Node's modules are loaded when something of them is used: crypto alone costs as much as all that is ours.
    banner: {
      js: "const __now = require; require = name => { if (!name.startsWith('node:')) return __now(name); let it; return new Proxy({}, { get: (_, key) => (it ??= __now(name))[key] }); }; const __url = 'file://' + __filename;",
    },
  })
  checkEc2Client(metafile)
  Object.assign(metafile.outputs, quick.metafile.outputs)
  await buildAgent()
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
  await checkLibrary()
  writeFileSync(stamp, sources)
  console.error('built dist/cli, dist/lib and dist/agent.cjs')
}

/** One file that needs nothing but Node, the oldest that provisioning takes for it. */
async function buildAgent(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const outfile = join(dist, 'agent.cjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['agent/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22.13',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { __VERSION__: JSON.stringify(version) },
  })
  const { size } = statSync(outfile)
  if (size > AGENT_MAX_BYTES) throw new Error(`dist/agent.cjs has ${size} bytes, and may have ${AGENT_MAX_BYTES}`)
}

/** Fails when the client would be shipped whole again: a new version of it may be written in another way. */
function checkEc2Client({ outputs }: Metafile): void {
  for (const [file, { inputs, bytes }] of Object.entries(outputs))
    if (Object.keys(inputs).some(input => /@aws-sdk\/client-ec2\//.test(input)) && bytes > EC2_CLIENT_MAX_BYTES)
      throw new Error(`${file} with the AWS client has ${bytes} bytes, and may have ${EC2_CLIENT_MAX_BYTES}`)
}

/** The compiler leaves `import('./x.ts')` as it is in a function with `await using`: such a line belongs in another one. */
async function checkLibrary(): Promise<void> {
  for await (const file of glob('lib/**/*.js', { cwd: dist })) {
    const left = /import\(['"]\.[^'"]*\.ts['"]\)/.exec(readFileSync(join(dist, file), 'utf8'))
    if (left) throw new Error(`dist/${file} has ${left[0]}: import it in a function without "await using"`)
  }
}

/** A command that runs now may still load parts of the build before this one: those stay for an hour. */
function removeOldParts(current: Set<string>): void {
  const folder = join(dist, 'cli')
  for (const file of readdirSync(folder))
    if (!current.has(file) && Date.now() - statSync(join(folder, file)).mtimeMs > 3_600_000) rmSync(join(folder, file))
}
