/** dockerd's own TLS key is not left behind where the agent serves: nobody would renew it, or miss it. */
import { script } from '../../../src/ssh/quote.ts'
import type { Facts } from '../../facts.ts'
import { CERTS } from '../../settings.ts'
import type { Step } from '../../step.ts'
import { execStartOf } from '../../systemd/unit.ts'

export const engineKeysGone: Step = {
  id: 'engine-keys-gone',
  title: "dockerd's own TLS key removed",
  doing: "Removing dockerd's own TLS key",
  hint: 'can root write /etc/docker on the host?',
  holds: facts => facts.publicKeyPem === undefined || somebodyUsesThem(facts),
  apply: async (host, _facts, { signal }) => {
    await host.run(script(`rm -f ${CERTS.key} ${CERTS.cert} ${CERTS.ca}`), { root: true, signal })
  },
}

function somebodyUsesThem({ config = '', service }: Facts): boolean {
  const texts = [config, execStartOf(service.unit) ?? '', ...service.envFiles.values()]
  return texts.some(text => Object.values(CERTS).some(path => text.includes(path)))
}
