import { expect, test } from '@jest/globals'
import { parseFacts } from '../../../provisioning/facts-parse.ts'
import { liveRestoreOn, restartWarning } from '../../../provisioning/live-restore.ts'
import { ALPINE, DEBIAN, output } from './hosts.ts'

const facts = (parts: Readonly<Record<string, string | readonly string[]>>) => parseFacts(output(parts), 2376)
const busy = { ...DEBIAN, containers: '3' }
const unit = (exec: string) => ({ unit: `# /usr/lib/systemd/system/docker.service\n[Service]\nExecStart=${exec}\n` })

test.each([
  ['nothing said', {}, false],
  ['on in daemon.json', { config: '{"live-restore": true}' }, true],
  ['off in daemon.json', { config: '{"live-restore": false}' }, false],
  ['a file nobody can read', { config: '{' }, false],
  ['on the command line', unit('/usr/sbin/dockerd --live-restore -H fd://'), true],
  ['at its end', unit('/usr/sbin/dockerd --live-restore=true'), true],
  ['off on the command line', unit('/usr/sbin/dockerd --live-restore=false'), false],
] as const)('live-restore, %s', (_, parts, on) => {
  expect(liveRestoreOn(facts({ ...busy, ...parts }))).toBe(on)
  expect(restartWarning(facts({ ...busy, ...parts }), 'dev') === undefined).toBe(on)
})

test('in the environment file of another init', () => {
  expect(liveRestoreOn(facts({ ...ALPINE, 'env-file /etc/conf.d/docker': 'DOCKER_OPTS="--live-restore"\n' }))).toBe(
    true,
  )
  expect(liveRestoreOn(facts({ ...ALPINE, 'env-file /etc/conf.d/docker': '#DOCKER_OPTS="--live-restore"\n' }))).toBe(
    false,
  )
})

test('nothing is said where no container can notice', () => {
  expect(restartWarning(facts(DEBIAN), 'dev')).toBeUndefined()
  expect(restartWarning(facts(busy), 'dev')).toMatch(/^live-restore is off: the running containers of dev stop/)
})
