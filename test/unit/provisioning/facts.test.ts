import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { parseFacts } from '../../../provisioning/facts-parse.ts'
import { factsCommand } from '../../../provisioning/facts-script.ts'
import { textOf } from '../../../src/ssh/quote.ts'
import { ALPINE, AMAZON, DEBIAN, factsOf, output } from './hosts.ts'

describe('facts of a host', () => {
  test('are typed', () => {
    const facts = factsOf({
      ...DEBIAN,
      listening: '0016\n0948',
      swarm: 'yes',
      'key-mode': '400 0',
      'public-key': 'PEM\n',
    })
    expect(facts).toMatchObject({
      uid: 0,
      os: { id: 'debian', codename: 'trixie', versionId: '13' },
      init: 'systemd',
      engine: { path: '/usr/sbin/dockerd', version: '26.1.5+dfsg1' },
      service: { known: true, enabled: true, active: true },
      listening: [22, 2376],
      swarm: true,
      stale: false,
      keyMode: '400 0',
      publicKeyPem: 'PEM\n',
      freeKb: 9_000_000,
    })
    expect(facts.config).toBeUndefined()
  })

  test('no body can pass for a section, and a missing final newline is kept', () => {
    const tricky = '@uid\n@end\n|x\n\n{"a": 1}'
    expect(factsOf({ ...DEBIAN, config: tricky })).toMatchObject({ uid: 0, config: tricky })
    expect(factsOf({ ...DEBIAN, config: `${tricky}\n` }).config).toBe(`${tricky}\n`)
    expect(factsOf({ ...DEBIAN, config: '' }).config).toBe('')
  })

  test('an answer cut short is refused', () => {
    expect(() => parseFacts(output(DEBIAN).replace('@end\n', ''), 2376)).toThrow('ended early')
  })

  test('without systemd, the socket says whether the engine runs', () => {
    expect(factsOf(ALPINE).service).toMatchObject({ known: true, active: true, enabled: true, unit: [] })
    expect(factsOf({ ...ALPINE, socket: [] }).service.active).toBe(false)
  })

  test('environment files are found by their path', () => {
    expect([...factsOf(AMAZON).service.envFiles.keys()]).toEqual(['/etc/sysconfig/docker'])
  })

  const shells = [['sh'], ['busybox', 'sh'], ['bash', '--posix']].filter(
    ([name = '']) => spawnSync(name, ['-c', ':']).error === undefined,
  )
  test.each(shells)('the script runs here in %s %s', (program, ...rest) => {
    const args = rest.filter((word): word is string => typeof word === 'string')
    const { stdout, stderr, status } = spawnSync(program, [...args, '-c', textOf(factsCommand(2376))], {
      encoding: 'utf8',
    })
    expect({ status, syntax: /syntax error|not found/i.test(stderr) }).toEqual({ status: 0, syntax: false })
    const facts = parseFacts(stdout, 2376)
    expect(facts.uid).toBe(process.getuid?.())
    expect(facts.os.id).not.toBe('')
    expect(facts.freeKb).toBeGreaterThan(0)
  })
})
