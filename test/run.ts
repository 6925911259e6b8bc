/**
 * Runs the suites one after the other and ends with one line that counts: `N passed, N failed, N skipped`. A skip that
 * test/allowed-skips.txt does not list fails the run: what can be installed is no reason to skip.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMoto } from './kit/ec2/venv.ts'
import { LANES } from './kit/places.ts'
import { warmRuntime } from './kit/runtime-cache.ts'

interface Assertion {
  fullName: string
  status: 'passed' | 'failed' | 'pending' | 'todo' | 'skipped' | 'disabled'
}
interface Report {
  testResults: { name: string; status: string; message: string; assertionResults: Assertion[] }[]
}

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const scratch = mkdtempSync(join(tmpdir(), 'machine-test-'))
const asked = process.argv.slice(2)
const counts = { passed: 0, failed: 0, skipped: 0 }
const skipped: string[] = []

function check(title: string, command: string, args: string[]): void {
  console.log(`\n== ${title}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  counts[status === 0 ? 'passed' : 'failed'] += 1
}

/** Ctrl-C reaches jest and all it started by itself; what they leave is swept away below. */
let interrupted = false
let stop = () => {}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    interrupted = true
    stop()
  })

/** One jest project, in a process of its own; e2e files run four at a time, each in a lane of its own (test/kit/places.ts). */
async function suite(project: string, patterns: string[]): Promise<void> {
  console.log(`\n== ${project}`)
  const output = join(scratch, `${project}.json`)
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  // Jest by itself leaves a processor for watching; and its five seconds a test are few when both are at work.
  const lanes = project === 'e2e' ? [`--maxWorkers=${LANES}`] : ['--maxWorkers=100%', '--testTimeout=30000']
  const args = [...flags, jest, '--selectProjects', project, '--json', `--outputFile=${output}`, ...lanes, ...patterns]
  const running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  stop = () => running.kill('SIGINT')
  const [status] = await once(running, 'exit')
  if (interrupted) return
  if (!existsSync(output)) {
    console.log(`${project} did not run (exit ${status})`)
    counts.failed += 1
    return
  }
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report
  for (const file of report.testResults) {
    if (file.assertionResults.length === 0 && file.status === 'failed') counts.failed += 1
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1
      else if (test.status === 'failed') counts.failed += 1
      else {
        counts.skipped += 1
        skipped.push(test.fullName)
      }
    }
  }
}

const projects = asked.filter(a => a === 'unit' || a === 'e2e')
const patterns = asked.filter(a => a !== 'unit' && a !== 'e2e')
if (asked.length === 0) {
  check('lint and format', bin('biome'), ['check', '.'])
  check('types', bin('tsc'), ['--noEmit'])
}
const hosts = process.getuid?.() === 0 && !(projects.length === 1 && projects[0] === 'unit')
if (hosts) spawnSync('bash', [join(root, 'test/kit/sweep.sh')], { stdio: 'inherit' })
if (hosts)
  try {
    warmRuntime(text => console.log(`==> ${text}`))
  } catch {
    console.log('==> that failed: tests whose hosts need it will try by themselves')
  }
if (projects.length !== 1 || projects[0] !== 'unit')
  try {
    installMoto(text => console.log(`==> ${text}`))
  } catch (error) {
    console.log(`==> no moto: ${error instanceof Error ? error.message : error}; tests of the EC2 cloud are skipped`)
  }
for (const project of projects.length > 0 ? projects : ['unit', 'e2e']) if (!interrupted) await suite(project, patterns)
rmSync(scratch, { recursive: true, force: true })
if (hosts) {
  const left = spawnSync('bash', [join(root, 'test/kit/sweep.sh')], { encoding: 'utf8' }).stdout
  if (left !== '' && !interrupted) {
    console.log(`the tests left something behind:\n${left}`)
    counts.failed += 1
  }
}

if (interrupted) {
  console.log('interrupted; what the tests had made is taken away')
  process.exit(130)
}

const allowed = readFileSync(join(root, 'test/allowed-skips.txt'), 'utf8')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => line.split(' | ')[0] ?? '')
for (const name of skipped) console.log(`skipped: ${name}`)
const unlisted = skipped.filter(name => !allowed.some(prefix => name.includes(prefix)))
for (const name of unlisted) console.log(`not in test/allowed-skips.txt: ${name}`)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || unlisted.length > 0 || counts.passed === 0 ? 1 : 0
