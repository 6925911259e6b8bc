/** One call of VBoxManage. */
import type { Box } from './box.ts'
import type { Gives } from './faults.ts'

export interface Asked {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Whoever called VBoxManage. */
  readonly parent: number
}

export interface Call extends Asked {
  readonly box: Box
  readonly gives: Gives | undefined
  readonly stdin: AsyncIterable<Buffer>
  out(text: string): void
  err(text: string): void
}

export type Command = (args: readonly string[], call: Call) => void | Promise<void>

/** As a test sees it afterwards. */
export interface CallSeen {
  readonly argv: readonly string[]
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}
