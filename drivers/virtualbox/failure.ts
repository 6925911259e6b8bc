/** A call of VBoxManage that failed, and the error people see of it. */
import { MachineError } from '../../src/errors.ts'
import { problemIn } from './problems.ts'

export class VBoxFailure extends Error {
  readonly args: readonly string[]
  readonly exitCode: number
  /** All it said on stderr. */
  readonly said: string

  constructor(args: readonly string[], exitCode: number, said: string) {
    super(firstErrors(said) || `VBoxManage ${args[0]} ended with exit code ${exitCode}`)
    this.args = args
    this.exitCode = exitCode
    this.said = said
  }
}

/** `doing`: 'start the VM'. */
export function blamed(failure: VBoxFailure, doing: string): MachineError {
  const known = problemIn(failure.said)
  if (known) return new MachineError(known.code, known.text, { hints: [...known.hints], cause: failure })
  return new MachineError('VBOX_FAILED', `VirtualBox could not ${doing}: ${failure.message}`, {
    hints: ['machine --debug shows each call of VBoxManage'],
    cause: failure,
  })
}

/** The failure behind an error; undefined for any other. */
export function failureBehind(error: unknown): VBoxFailure | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof VBoxFailure) return at
  return undefined
}

/** Whether VirtualBox knows no such VM, disk or server. */
export function isGone(error: unknown): boolean {
  const said = failureBehind(error)?.said ?? ''
  return /VBOX_E_OBJECT_NOT_FOUND|VERR_(FILE|PATH)_NOT_FOUND|Could not find (a registered machine|file for the medium)/i.test(
    said,
  )
}

/** The sentences of its error lines, without details, on one line. */
function firstErrors(said: string): string {
  return said
    .split('\n')
    .flatMap(line => /^(?:VBoxManage(?:\.exe)?: (?:fatal )?error: |ERROR: )(.*)$/.exec(line.trim())?.[1] ?? [])
    .filter(text => !/^(Details|Context):/.test(text))
    .join(' ')
    .trim()
}
