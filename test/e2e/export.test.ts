/** `export` on a real machine: what the file holds, who else opens it, where the passphrase comes from. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { whyNoHosts } from '../hosts/host.ts'
import { type Home, must, run, startHome } from '../kit/cli.ts'
import { hostEnv } from '../kit/dev-machine.ts'
import { converse } from '../kit/pty.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(300_000)
const why = await whyNoHosts()
const suite = why ? describe.skip : describe
const MACHINE_PASSPHRASE = 'correct horse battery'
const FULL = ['bundle.json', 'config.json', 'ca.pem', 'cert.pem', 'key.pem', 'ca-key.pem']
const KEYS = ['id_rsa', 'id_rsa.pub', 'server.pem', 'known_hosts']

suite(why ? `export [${why}]` : 'export', () => {
  const env = { ...hostEnv('export'), MACHINE_PASSPHRASE }
  let home: Home
  let other: Home
  /** Where the first home's bundles lie. */
  const at = (file: string) => join(home.path, file)

  beforeAll(async () => {
    home = await startHome(env)
    other = await startHome(env)
    await home.ok('create', '-d', 'nspawn', 'dev')
  })
  afterAll(async () => {
    // The second home's records are pointers to the first one's host: the first removes it, then they point nowhere.
    await home?.[Symbol.asyncDispose]()
    await other?.[Symbol.asyncDispose]()
  })

  test('writes one file for its owner alone, and says what is in it', async () => {
    const ran = await home.cliWith({ cwd: home.path }, 'export', 'dev')
    expect(ran).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr: `"dev" is in dev.machine.age (to manage it: ${[...FULL, ...KEYS].join(', ')})\nOn the other computer: machine import dev.machine.age\n`,
    })
    expect(statSync(at('dev.machine.age')).mode & 0o777).toBe(0o600)
    expect(await home.cliWith({ cwd: home.path }, 'export', 'dev')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('dev.machine.age exists already, and is left as it is'),
    })
  })

  test('--client-only and --json, the passphrase on stdin', async () => {
    const ran = await home.cliWith(
      { input: 'of the client\r\n', env: { MACHINE_PASSPHRASE: 'not this one' } },
      ...['export', 'dev', '--client-only', '--passphrase-stdin', '--json', '-o', at('client.age')],
    )
    expect(JSON.parse(ran.stdout)).toEqual({
      name: 'dev',
      kind: 'client',
      encrypted: true,
      file: at('client.age'),
      files: ['bundle.json', 'config.json', 'ca.pem', 'cert.pem', 'key.pem'],
    })
  })

  test('without a passphrase only when that is said, with a warning', async () => {
    const silent = { env: { MACHINE_PASSPHRASE: undefined } }
    expect(await home.cliWith(silent, 'export', 'dev', '-o', at('no.age'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no terminal to ask for it'),
    })
    expect(
      await home.cliWith({ input: '\n' }, 'export', 'dev', '--passphrase-stdin', '-o', at('no.age')),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the passphrase is empty'),
    })
    expect(existsSync(at('no.age'))).toBe(false)
    const plain = await home.cliWith(silent, 'export', 'dev', '--no-passphrase', '-o', at('plain.tar'))
    expect(plain.stderr).toContain('the bundle is not encrypted: whoever can read the file has the machine')
    expect(statSync(at('plain.tar')).mode & 0o777).toBe(0o600)
  })

  test('neither the place nor the passphrase is in it', async () => {
    const folder = at('plain')
    mkdirSync(folder)
    must('tar', await run('tar', ['xf', at('plain.tar'), '-C', folder]))
    expect(readdirSync(folder).sort()).toEqual([...FULL, ...KEYS].sort())
    expect(
      readdirSync(folder)
        .filter(f => statSync(join(folder, f)).mode & 0o077)
        .sort(),
    ).toEqual(['bundle.json', 'ca.pem', 'cert.pem', 'id_rsa.pub', 'server.pem'].sort())
    const record = readFileSync(join(folder, 'config.json'), 'utf8')
    expect(record).not.toContain(home.path)
    expect(JSON.parse(record).HostOptions.AuthOptions.StorePath).toBe('/store/machines/dev')
  })

  test('the key of the CA can be left out', async () => {
    const ran = await home.ok('export', 'dev', '--without-ca-key', '--json', '-o', at('no-ca-key.age'))
    expect(JSON.parse(ran).files).not.toContain('ca-key.pem')
  })

  test('a machine that is not there, two names, and flags that exclude each other', async () => {
    expect(await home.cli('export', 'nobody', '-o', at('x'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Docker machine "nobody" does not exist'),
    })
    expect((await home.cli('export', 'dev', 'dev2')).code).toBe(2)
    expect((await home.cli('export', 'dev', '--no-passphrase', '--passphrase-stdin')).code).toBe(2)
    expect((await home.cli('export', 'dev', '-o', '-', '--json')).code).toBe(2)
    expect(existsSync(at('x'))).toBe(false)
  })

  test('the library does the same, and prints nothing', async () => {
    const program = at('program.mjs')
    writeFileSync(
      program,
      `import { readFileSync, writeFileSync } from 'node:fs'
       import { exportMachine, importMachine, inspectMachine, modifyMachine, renameMachine, Secret } from '${library}'
       const [from, to] = [{ storagePath: '${home.store}' }, { storagePath: '${at('library-store')}' }]
       const passphrase = async () => new Secret('of the library')
       const { bytes, ...told } = await exportMachine('dev', { ...from, passphrase })
       const imported = await importMachine(bytes, { ...to, as: 'lib', passphrase })
       const renamed = await renameMachine('lib', 'libel', to)
       const change = { set: { 'engine-label': ['a=1'] }, remove: { 'engine-label': [] } }
       const modified = await modifyMachine('libel', change, { ...to, dryRun: true })
       const { Name } = await inspectMachine('libel', to)
       const wrong = await importMachine(bytes, { ...to, passphrase: async () => new Secret('x') }).catch(e => e.code)
       writeFileSync('${at('told.json')}', JSON.stringify({ told, imported, renamed, modified, Name, wrong }))`,
    )
    const ran = await run(process.execPath, [program], { env: home.env })
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(JSON.parse(readFileSync(at('told.json'), 'utf8'))).toMatchObject({
      told: { name: 'dev', kind: 'full', encrypted: true, files: [...FULL, ...KEYS] },
      imported: { name: 'lib', authority: 'own', caKey: true },
      renamed: { from: 'lib', to: 'libel', hostFollows: false },
      modified: { changes: [{ setting: 'engine-label', to: 'a=1' }], effect: { restart: false }, applied: false },
      Name: 'libel',
      wrong: 'WRONG_PASSPHRASE',
    })
  })

  needs('age', 'script')('age opens ours, and ours opens what age made', async () => {
    const inHome = { cwd: home.path }
    const opened = await converse('age -d -o opened.tar dev.machine.age', [['passphrase', MACHINE_PASSPHRASE]], inHome)
    expect(opened.code).toBe(0)
    const listed = must('tar', await run('tar', ['tf', at('opened.tar')]))
    expect(listed.trimEnd().split('\n')).toEqual([...FULL, ...KEYS])
    const closed = await converse(
      'age -p -a -o again.age opened.tar',
      [
        ['Enter passphrase', 'another'],
        ['Confirm passphrase', 'another'],
      ],
      inHome,
    )
    expect(closed.code).toBe(0)
    await using third = await startHome(env)
    const ran = await third.cliWith({ input: 'another\n' }, 'import', '--passphrase-stdin', '--json', at('again.age'))
    expect(JSON.parse(must('import', ran))).toEqual({
      name: 'dev',
      kind: 'full',
      driver: 'nspawn',
      authority: 'own',
      caKey: true,
    })
    expect((await third.ok('ssh', 'dev', 'uname -n')).trim()).toBe('dev')
    // Its record only points to the host, which must outlive this home.
    must('rm', await run('rm', ['-rf', join(third.store, 'machines/dev')]))
  })

  needs('script')('on a terminal it is asked for twice, and not shown', async () => {
    const [once, again] = ['Passphrase of the bundle: ', 'The same again: ']
    const say = (file: string, ...answers: [string, string][]) =>
      converse(`"${process.execPath}" "${bin}" export dev -o ${file}`, answers, {
        cwd: home.path,
        env: { ...home.env, MACHINE_PASSPHRASE: undefined },
      })
    const made = await say('asked.age', [once, 'geheim'], [again, 'geheim'])
    expect(made.shown.replaceAll('\r', '').split('\n').slice(0, 3)).toEqual([
      once,
      again,
      expect.stringMatching(/^"dev" is in asked\.age /),
    ])
    const mistyped = await say('mistyped.age', [once, 'geheim'], [again, 'gehein'])
    expect(mistyped.shown).toContain('the two passphrases are not the same; nothing was written')
    expect([made.code, mistyped.code, existsSync(at('mistyped.age'))]).toEqual([0, 1, false])
    const opened = await converse(
      `"${process.execPath}" "${bin}" import --json --as asked asked.age`,
      [[once, 'geheim']],
      { cwd: home.path, env: { ...other.env, MACHINE_PASSPHRASE: undefined } },
    )
    expect(opened.shown).toContain('"name": "asked"')
    must('rm', await run('rm', ['-rf', join(other.store, 'machines/asked')]))
  })

  needs('script')('two lines pasted at once answer both questions', async () => {
    const pasted = await converse(
      `"${process.execPath}" "${bin}" export dev -o pasted.age`,
      [['Passphrase of the bundle: ', 'geheim\ngeheim']],
      { cwd: home.path, env: { ...home.env, MACHINE_PASSPHRASE: undefined } },
    )
    expect(pasted.shown).toContain('"dev" is in pasted.age')
  })
})

const library = pathToFileURL(join(import.meta.dirname, '../../dist/lib/src/index.js')).href
const bin = join(import.meta.dirname, '../../bin/machine')
