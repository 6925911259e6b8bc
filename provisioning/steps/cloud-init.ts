/** cloud-init is through: until then it holds package locks and may rewrite what we set. */
import { sh } from '../../src/ssh/quote.ts'
import type { Step } from '../step.ts'

const LIMIT_S = 600

export const cloudInit: Step = {
  id: 'cloud-init',
  title: "the host's first-boot set-up (cloud-init) finished",
  doing: "Waiting for the host's first-boot set-up (cloud-init)",
  hint: 'see `cloud-init status --long` on the host',
  holds: facts => !facts.cloudInitRunning,
  apply: async (host, _facts, { signal }) => {
    // A set-up that ended in errors (1, 2) is over too, and none of our business; old versions know no --wait.
    const wait = sh`timeout ${LIMIT_S} cloud-init status --wait >/dev/null 2>&1; c=$?; [ $c -ne 124 ]`
    await host.run(wait, { root: true, signal, timeoutMs: (LIMIT_S + 30) * 1000 })
  },
  refresh: true,
}
