import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { agentPath, agentProgram } from '../../../src/machine/agent-program.ts'

test.each([
  ['file:///opt/m/dist/cli/commands.js', '/opt/m/dist/agent.cjs'],
  ['file:///opt/m/dist/cli/chunk-A1.js', '/opt/m/dist/agent.cjs'],
  ['file:///opt/m/dist/lib/src/machine/agent-program.js', '/opt/m/dist/agent.cjs'],
  ['file:///opt/m/src/machine/agent-program.ts', '/opt/m/dist/agent.cjs'],
  ['file:///opt/a%20b/src/machine/agent-program.ts', '/opt/a b/dist/agent.cjs'],
])('seen from %s it is %s', (from, to) => expect(agentPath(from)).toBe(to))

test('its digest is that of its text, or it is said that it was not built', async () => {
  const program = await agentProgram().catch(error => error)
  if (program instanceof Error) expect(program).toMatchObject({ code: 'AGENT_NOT_BUILT' })
  else expect(program.digest).toBe(createHash('sha256').update(program.text).digest('hex').slice(0, 16))
})
