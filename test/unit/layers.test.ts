/** Imports point one way (docs/architecture.md). Reads every import of the sources and says why one is wrong. */
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../..')

/** Each file belongs to the first layer whose pattern it matches; it may import that layer and those after it. */
const LAYERS: { name: string; files: RegExp; mayImport: string[]; because: string }[] = [
  {
    name: 'vocabulary',
    files: /^src\/(errors|events)\.ts$|^src\/ssh\/(quote|host)\.ts$|^provisioning\/mirrors\.ts$/,
    mayImport: ['vocabulary'],
    because: 'errors, events, the words of commands and the public endpoints are known to all and know nobody',
  },
  {
    name: 'locks',
    files: /^src\/store\/(lock|link-lock|process-identity|atomic|unwritable|paths)\.ts$/,
    mayImport: ['locks', 'vocabulary'],
    because: 'a lock file is whoever’s needs a turn, in a store or not',
  },
  {
    name: 'store',
    files: /^src\/store\//,
    mayImport: ['store', 'locks', 'vocabulary'],
    because: 'the store is a leaf: it knows neither drivers nor other leaves',
  },
  {
    name: 'ssh',
    files: /^src\/ssh\//,
    mayImport: ['ssh', 'vocabulary'],
    because: 'ssh is a leaf: it carries commands for whoever asks',
  },
  {
    name: 'certs',
    files: /^src\/certs\//,
    mayImport: ['certs', 'agent protocol', 'vocabulary'],
    because: 'certs is a leaf: bytes in, bytes out',
  },
  {
    name: 'engine',
    files: /^src\/engine\//,
    mayImport: ['engine', 'agent protocol', 'vocabulary'],
    because: 'the engine client is a leaf',
  },
  {
    name: 'template',
    files: /^src\/template\//,
    mayImport: ['template', 'vocabulary'],
    because: 'the template language is a leaf: text and values in, text out',
  },
  {
    name: 'agent protocol',
    files: /^agent\/protocol\.ts$/,
    mayImport: ['agent protocol'],
    because: 'the protocol is shared by both sides and depends on neither',
  },
  {
    name: 'agent',
    files: /^agent\//,
    mayImport: ['agent', 'agent protocol'],
    because: 'the agent is a program of its own, pushed to the host as one small file',
  },
  {
    name: 'drivers',
    files: /^drivers\//,
    mayImport: ['drivers', 'ssh', 'locks', 'vocabulary'],
    because: 'a driver knows its provider; of ours it uses only the words of commands, ssh_config and lock files',
  },
  {
    name: 'provisioning',
    files: /^provisioning\//,
    mayImport: ['provisioning', 'agent protocol', 'vocabulary'],
    because: 'a step never asks which driver made the host, and gets its session handed in',
  },
  {
    name: 'machine',
    files: /^src\/machine\//,
    mayImport: [
      'machine',
      'drivers',
      'provisioning',
      'agent protocol',
      'store',
      'locks',
      'ssh',
      'certs',
      'engine',
      'vocabulary',
    ],
    because: 'the library prints nothing and knows no command',
  },
  {
    name: 'library',
    files: /^src\/(index|open-world|bare-world|driver-(change|config)|driver-secrets|flags\/go-values|version)\.ts$/,
    mayImport: ['library', 'machine', 'drivers', 'store', 'locks', 'ssh', 'vocabulary', 'data'],
    because: 'programs import the library: it must not pull in the command line',
  },
  {
    name: 'pulumi core',
    files: /^src\/pulumi\/core\//,
    mayImport: [
      'pulumi core',
      'library',
      'machine',
      'drivers',
      'provisioning',
      'agent protocol',
      'store',
      'locks',
      'certs',
      'vocabulary',
    ],
    because: 'what a provider does imports nothing of Pulumi, so that a native one can wrap it',
  },
  {
    name: 'pulumi',
    files: /^src\/pulumi\//,
    mayImport: ['pulumi', 'pulumi core', 'library', 'drivers', 'vocabulary'],
    because: 'resources have no logic of their own',
  },
  {
    name: 'commands',
    files: /^src\//,
    mayImport: ['commands', 'library', 'machine', 'drivers', 'agent protocol', 'ssh', 'template', 'vocabulary'],
    because: 'a command parses, makes one call into the library, and prints',
  },
  { name: 'data', files: /^package\.json$/, mayImport: [], because: '' },
]

/** Libraries that cost start-up time are imported where they are needed, inside a function. */
const HEAVY = /^(ssh2|node-forge|@aws-sdk\/|@alicloud\/|age-encryption$|tar$|@pulumi\/|log-update|ssh-config)/

/** A driver's window to its provider's library, of which the bundler keeps what is named: loaded late as the library is. */
const WINDOW = /^drivers\/\w+\/sdk\.ts$/

/** Resources of a Pulumi program are loaded by that program alone, which has loaded Pulumi before. */
const RESOURCES = /^src\/pulumi\/[\w-]+\.ts$/

const layerOf = (file: string) => LAYERS.find(l => l.files.test(file))

test('imports point one way, and heavy libraries are loaded late', async () => {
  const wrong: string[] = []
  for await (const file of glob('{src,drivers,provisioning,agent}/**/*.ts', { cwd: root })) {
    const layer = layerOf(file)
    if (!layer) {
      wrong.push(`${file} belongs to no layer: add it to LAYERS`)
      continue
    }
    const text = readFileSync(join(root, file), 'utf8')
    const statics = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from '([^']+)'/gms)]
    const lazies = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(m => ['', 'lazy', m[1]] as const)
    for (const [, mark, target] of [...statics, ...lazies]) {
      if (target === undefined) continue
      if (!target.startsWith('.')) {
        if (/^@pulumi\//.test(target) && !(RESOURCES.test(file) || mark?.startsWith('type')))
          wrong.push(`${file} imports ${target}: the library and the command line know nothing of Pulumi`)
        const itsOwn = WINDOW.test(file) || (RESOURCES.test(file) && target === '@pulumi/pulumi')
        if (HEAVY.test(target) && mark === undefined && !itsOwn)
          wrong.push(
            `${file} imports ${target} at the top: load it in the function that needs it, start-up pays for it`,
          )
        continue
      }
      const imported = relative(root, join(root, dirname(file), target))
      if (WINDOW.test(imported) && mark === undefined)
        wrong.push(
          `${file} imports ${target} at the top: load it with await import, the provider's library is behind it`,
        )
      const there = layerOf(imported)
      if (!there || !layer.mayImport.includes(there.name))
        wrong.push(`${file} (${layer.name}) imports ${imported} (${there?.name ?? 'no layer'}): ${layer.because}`)
    }
  }
  expect(wrong).toEqual([])
})

test('what stands in for a cloud and its driver know nothing of each other', async () => {
  const wrong: string[] = []
  for await (const file of glob('{test/kit,drivers}/**/*.ts', { cwd: root })) {
    const other = file.startsWith('drivers/') ? 'test/' : 'drivers/'
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, target = ''] of text.matchAll(/\b(?:from|import\()\s*'(\.[^']+)'/g))
      if (relative(root, join(root, dirname(file), target)).startsWith(other))
        wrong.push(`${file} imports ${target}: the one would only prove that the other agrees with itself`)
  }
  expect(wrong).toEqual([])
})

test('core never asks for a driver by name', async () => {
  const wrong: string[] = []
  for await (const file of glob('{src,provisioning}/**/*.ts', { cwd: root }))
    for (const [i, line] of readFileSync(join(root, file), 'utf8').split('\n').entries())
      if (/(driver\.name|DriverName)\s*[!=]==?\s*'[a-z]/.test(line.replace(/typeof [\w.]+/g, 'typeof')))
        wrong.push(`${file}:${i + 1}: make it a member of the driver's contract`)
  expect(wrong).toEqual([])
})
