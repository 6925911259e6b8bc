/** What is asked of provisioning about the engine agent. */
import type { SignedRevocations } from '../../agent/protocol.ts'
import type { RuntimeSource } from './bring-runtime.ts'

/** The agent's program, one file. */
export interface AgentProgram {
  /** First 16 hexadecimal digits of the SHA-256 of the text. */
  readonly digest: string
  readonly text: Uint8Array
}

/** The agent a machine shall have. */
export interface AgentAsk {
  /** `AgentConfig.id`. */
  readonly id: string
  /** A person asked for it: where it cannot run that is an error, and not a reason to go without. */
  readonly asked: boolean
  readonly program: AgentProgram
  /** Where a host without a Node gets one. */
  readonly source: RuntimeSource
  /** Folders of the host that operators may mount. */
  readonly operatorMounts: readonly string[]
  /** The revocation list of the machine's CA; put there if it is newer than the one there. */
  readonly revocations?: SignedRevocations | undefined
}
