/** Whoever logs in may use the engine on the host itself, as Docker Machine set it up. */
import { sh } from '../../src/ssh/quote.ts'
import type { Step } from '../step.ts'

export const engineGroup: Step = {
  id: 'engine-group',
  title: 'login user in the group docker',
  doing: 'Adding the login user to the group docker',
  hint: 'is `usermod` or `addgroup` on the host?',
  // A group that is not there is the engine package's choice; without it only root uses the socket.
  holds: facts => facts.login === 'root' || !facts.dockerGroup || facts.groups.includes('docker'),
  apply: async (host, { login }, { signal }) => {
    await host.run(sh`usermod -aG docker ${login} 2>/dev/null || addgroup ${login} docker`, { root: true, signal })
  },
}
