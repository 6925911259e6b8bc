/** The engine starts with the host. */
import { type Cmd, sh } from '../../src/ssh/quote.ts'
import type { Facts, Init } from '../facts.ts'
import type { Step } from '../step.ts'

const ENABLE: Readonly<Record<Init, Cmd>> = {
  systemd: sh`systemctl enable docker.service`,
  openrc: sh`rc-update add docker default`,
  sysvinit: sh`update-rc.d docker defaults 2>/dev/null || chkconfig docker on`,
  unknown: sh`true`,
}

export const engineEnabled: Step = {
  id: 'engine-enabled',
  title: 'engine starts at boot',
  doing: 'Having the engine start at boot',
  hint: 'see `systemctl status docker` on the host',
  holds: (facts: Facts) => facts.init === 'unknown' || facts.service.enabled,
  apply: async (host, { init }, { signal }) => {
    await host.run(ENABLE[init], { root: true, signal })
  },
}
