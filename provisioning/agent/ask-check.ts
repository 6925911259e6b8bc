/** Whether what a person says about the agent can be. */
import { UsageError } from '../../src/errors.ts'
import { checkRegistry } from './registry.ts'

export interface AgentSettings {
  readonly registry?: string | undefined
  readonly operatorMounts?: readonly string[] | undefined
}

/** Throws UsageError for a registry that is no URL, and for a folder that is no absolute path as the host writes it. */
export function checkAgentSettings({ registry, operatorMounts = [] }: AgentSettings): void {
  checkRegistry(registry)
  const bad = operatorMounts.find(path => !/^\/[^\p{Cc}]*$/u.test(path) || /\/(\.{0,2}\/|\.{1,2}$)/.test(path))
  if (bad !== undefined)
    throw new UsageError(`--engine-agent-operator-mount "${bad}" is not an absolute path without . and ..`)
}
