/**
 * moto and boto3 (PyPI) in a virtual environment: made once on a computer, shared by all checkouts, as the cache of hosts' Node
 * is. moto is the API behind the stand-in cloud, boto3 the client that asks it independently of us.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { which } from '../which.ts'

/** Bump to what is current; another version gets a folder of its own. */
const VERSION = '5.2.5'
const FOLDER = process.getuid?.() === 0 ? '/var/cache/machine-test' : join(tmpdir(), 'machine-test-cache')
const VENV = join(FOLDER, `moto-${VERSION}`)

/** Its Python; undefined where it was not installed. */
export function motoPython(): string | undefined {
  const path = join(VENV, 'bin/python')
  return existsSync(path) ? path : undefined
}

/** A data file of a package in there. */
export function packageFile(...path: string[]): string {
  const lib = join(VENV, 'lib')
  const version = readdirSync(lib).find(name => name.startsWith('python3')) ?? ''
  return join(lib, version, 'site-packages', ...path)
}

/** Why there is no cloud to test against, or undefined. */
export function whyNoMoto(): string | undefined {
  if (motoPython() !== undefined) return undefined
  return findPython() === undefined ? NO_PYTHON : 'moto is not installed: bin/test does it'
}

const NO_PYTHON = 'moto needs Python 3.10 or newer that can make a virtual environment (Debian: python3, python3-venv)'

/** A Python that is new enough and can make a virtual environment; Debian's own before others on PATH, which come and go. */
function findPython(): string | undefined {
  const check = 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))'
  return ['/usr/bin/python3', which('python3')].find(
    path => path !== undefined && spawnSync(path, ['-c', check], { stdio: 'ignore' }).status === 0,
  )
}

/**
 * Installs it where it is missing, and says so. Throws what went wrong. It is made under another name and renamed when it is
 * whole, so that an interrupted run leaves no half of it; two at once each make one, and the second is thrown away.
 */
export function installMoto(say: (text: string) => void): void {
  if (motoPython() !== undefined) return
  const python = findPython()
  if (python === undefined) throw new Error(NO_PYTHON)
  say(`installing moto ${VERSION} for the stand-in EC2 cloud (320 MB below ${FOLDER}), once`)
  mkdirSync(FOLDER, { recursive: true })
  dropHalves()
  const half = mkdtempSync(join(FOLDER, '.moto-'))
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as const }
  try {
    execFileSync(python, ['-m', 'venv', half], { stdio: [...quiet.stdio] })
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']
    execFileSync(join(half, 'bin/python'), [...pip, `moto[server,ec2,ssm]==${VERSION}`], { stdio: [...quiet.stdio] })
    if (motoPython() === undefined) renameSync(half, VENV)
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

/** What interrupted runs left, an hour ago or more. */
function dropHalves(): void {
  for (const name of readdirSync(FOLDER).filter(n => n.startsWith('.moto-'))) {
    const path = join(FOLDER, name)
    if (Date.now() - statSync(path).mtimeMs > 3_600_000) rmSync(path, { recursive: true, force: true })
  }
}
