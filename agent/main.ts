/** What the service starts. `agent.cjs` serves; `agent.cjs supervise` keeps one that does, where no systemd is there to. */
import { say } from './service/say.ts'
import { serve } from './service/serve.ts'
import { supervise } from './service/supervise.ts'

const work = process.argv[2] === 'supervise' ? supervise() : serve(process.argv[1] ?? '')
work.catch(error => {
  say(`cannot serve: ${(error as Error).message}`)
  process.exit(1)
})
