/**
 * The examples are programs of today's types. @pulumi/aws has a hundred megabytes: what the example takes of that is checked
 * where it is installed, and here only what it takes of us.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { run } from '../kit/cli.ts'

jest.setTimeout(280_000)
const root = join(import.meta.dirname, '../..')
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).flatMap(each =>
  each.isDirectory() ? [each.name] : [],
)

/** What the compiler says of these files; the module is the one that is shipped. */
async function compile(files: Record<string, string>, ...others: string[]): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), 'machine-types-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
    const compilerOptions = {
      ...{ target: 'es2022', module: 'nodenext', moduleResolution: 'nodenext', strict: true, noEmit: true },
      ...{ skipLibCheck: true, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
      paths: {
        '@machinehosts/machine/pulumi': [join(root, 'dist/lib/src/pulumi/index.d.ts')],
        '@pulumi/pulumi': [join(root, 'node_modules/@pulumi/pulumi/index.d.ts')],
        '@pulumi/docker': [join(root, 'node_modules/@pulumi/docker/index.d.ts')],
        '@pulumi/pulumi/*': [join(root, 'node_modules/@pulumi/pulumi/*')],
      },
    }
    const all = [...Object.keys(files).map(name => join(path, name)), ...others]
    writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: all }))
    writeFileSync(join(path, 'package.json'), '{ "type": "module" }')
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    return (await run(process.execPath, [tsc, '-p', path, '--pretty', 'false'])).stdout
  } finally {
    rmSync(path, { recursive: true })
  }
}

const ABSENT = "declare module '@pulumi/aws'\n"
/** Line by line, what a program must not be let through with. */
const WRONG = `import { ClientCertificate, ExistingMachine, Machine, MachineGroup } from '@machinehosts/machine/pulumi'
new Machine('a', { driver: 'nspawn', nspawn: { suite: 'sarge' } })
new Machine('b', { driver: 'aliyunecs', nspawn: {} })
new Machine('c', { driver: 'amazonec2', amazonec2: { instanceTyp: 't3.micro' } })
new Machine('d', { driver: 'docker' })
new Machine('e', { engine: { labels: ['role=web'] } })
new Machine('f', { driver: 'amazonec2', privateKey: '' })
new ExistingMachine('g', { user: 'admin' })
new ClientCertificate('h', { role: 'viewer' })
new MachineGroup('i', { count: 2, machine: { driver: 'nspawn', nspawn: { memory: '2g' } } })
`

test('all examples compile; programs with mistakes do not, each line for itself', async () => {
  expect(examples.length).toBeGreaterThan(5)
  const programs = examples.map(name => join(root, 'examples', name, 'index.ts'))
  // In one run, for most of the time goes into types of Pulumi's.
  const said = (await compile({ 'absent.d.ts': ABSENT, 'wrong.ts': WRONG }, ...programs)).split('\n')
  const places = said.filter(line => line !== '' && !line.startsWith(' '))
  expect(places.filter(line => !/^\S*\bwrong\.ts\(/.test(line))).toEqual([])
  const lines = places.map(line => Number(/\((\d+),/.exec(line)?.[1]))
  expect([...new Set(lines)]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
})
