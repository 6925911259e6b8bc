import { describe, expect, test } from '@jest/globals'
import { DROP_IN, dropIn, foreignExecStart, LATE_DROP_IN, parseUnit } from '../../../../provisioning/systemd/unit.ts'

const FRAGMENT =
  '# /lib/systemd/system/docker.service\n[Service]\n# /usr/bin/dockerd is the engine\nExecStart=/usr/bin/dockerd \\\n  -H fd://\n'
const OURS = `# ${DROP_IN}\n[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --tlsverify\n`
const override = (name: string) =>
  `# /etc/systemd/system/docker.service.d/${name}\n[Service]\nExecStart=\nExecStart=/opt/dockerd -H unix://\n`

describe('docker.service', () => {
  test('the ExecStart that counts is the last one that is not ours', () => {
    expect(foreignExecStart(parseUnit(FRAGMENT))?.replace(/\s+/g, ' ')).toBe('/usr/bin/dockerd -H fd://')
    expect(foreignExecStart(parseUnit(`${FRAGMENT}\n${OURS}`))).toContain('fd://')
    expect(foreignExecStart(parseUnit(`${FRAGMENT}\n${OURS}\n${override('override.conf')}`))).toBe(
      '/opt/dockerd -H unix://',
    )
  })

  test('our drop-in sorts after everybody who sets ExecStart', () => {
    expect(dropIn(parseUnit(FRAGMENT))).toEqual({ path: DROP_IN, now: undefined, obsolete: undefined })
    expect(dropIn(parseUnit(`${FRAGMENT}\n${override('00-first.conf')}\n${OURS}`)).path).toBe(DROP_IN)
    const late = dropIn(parseUnit(`${FRAGMENT}\n${OURS}\n${override('override.conf')}`))
    expect(late).toEqual({ path: LATE_DROP_IN, now: undefined, obsolete: DROP_IN })
  })

  test('a drop-in reads back as it was written', () => {
    const text = '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --tlsverify\n'
    expect(dropIn(parseUnit(`${FRAGMENT}\n${OURS}`)).now).toBe(text)
  })
})
