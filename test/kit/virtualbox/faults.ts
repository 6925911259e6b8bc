/** Failures by rule: which calls of VBoxManage, and what happens to them instead. */
import { type Count, Rules } from '../rules.ts'

export type Gives =
  /** As the real one says it when it is asked too much at once. */
  | 'not-ready'
  | 'locked'
  | 'disk-full'
  | 'no-vtx'
  /** controlvm acpipowerbutton: pressed, and the guest does nothing. */
  | 'ignored'
  | { readonly delayMs: number }
  /** Whoever called VBoxManage is killed, before it has had an effect or after. */
  | { readonly kill: 'before' | 'after' }
  | {
      readonly stderr: string
      readonly stdout?: string
      readonly exit?: number
      /** True: it has had its effect all the same. */
      readonly afterEffect?: boolean
    }

export interface Fault extends Count {
  /** 'startvm', 'controlvm web poweroff': its first words; or what all of its words, joined by spaces, look like. */
  readonly command: string | RegExp
  readonly gives: Gives
}

const fits = (command: string | RegExp, line: string) =>
  typeof command === 'string' ? line === command || line.startsWith(`${command} `) : command.test(line)

export class Faults extends Rules<Fault> {
  /** What is to happen to this call; the first rule that hits. */
  strike(argv: readonly string[]): Gives | undefined {
    const line = argv.join(' ')
    return this.first(fault => fits(fault.command, line))?.gives
  }
}
