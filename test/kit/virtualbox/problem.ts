/**
 * Refusals as VBoxManage prints them. Errors of the API have a text, a COM code and the place in its sources; errors of syntax
 * have the usage around them and exit with 2, but for commands that report them as failures of their own (modifyvm,
 * storageattach), which exit with 1.
 */
import { atLeast, type Installation, plainVersion } from './versions.ts'

export const CODES = {
  VBOX_E_OBJECT_NOT_FOUND: '0x80bb0001',
  VBOX_E_INVALID_VM_STATE: '0x80bb0002',
  VBOX_E_VM_ERROR: '0x80bb0003',
  VBOX_E_FILE_ERROR: '0x80bb0004',
  VBOX_E_IPRT_ERROR: '0x80bb0005',
  VBOX_E_INVALID_OBJECT_STATE: '0x80bb0007',
  VBOX_E_NOT_SUPPORTED: '0x80bb0009',
  VBOX_E_OBJECT_IN_USE: '0x80bb000c',
  VBOX_E_TIMEOUT: '0x80bb0010',
  VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED: '0x80bb0012',
  E_ACCESSDENIED: '0x80070005',
  E_INVALIDARG: '0x80070057',
  E_FAIL: '0x80004005',
} as const
export type Code = keyof typeof CODES

/** What XPCOM, which is used everywhere but on Windows, calls some codes. */
const XPCOM: Partial<Record<Code, string>> = { E_FAIL: 'NS_ERROR_FAILURE', E_INVALIDARG: 'NS_ERROR_INVALID_ARG' }

export interface ComParts {
  readonly text: string
  readonly code: Code
  /** 'MachineWrap IMachine'. */
  readonly of: string
  /** The call that failed, as the sources have it. */
  readonly context?: string
  /** 'VBoxManageMisc.cpp:328'. */
  readonly at?: string
  /** What was tried, when it was a task with progress: said first. */
  readonly task?: string
}

export abstract class Refusal extends Error {
  abstract readonly exit: number
  /** What goes to stderr. */
  abstract render(it: Installation): string
}

const line = (it: Installation, text: string) =>
  `${it.platform === 'windows' ? 'VBoxManage.exe' : 'VBoxManage'}: error: ${text}\n`

/** The API refused. */
export class ComProblem extends Refusal {
  readonly exit = 1
  readonly parts: ComParts
  constructor(parts: ComParts) {
    super(parts.text)
    this.parts = parts
  }
  render(it: Installation): string {
    const { text, code, of, context, at, task } = this.parts
    const [component, iface] = of.split(' ')
    const named = it.platform === 'windows' ? code : (XPCOM[code] ?? code)
    const callee = it.platform === 'windows' ? 'IUnknown' : 'nsISupports'
    const [file, row] = (at ?? '').split(':')
    return [
      ...(task === undefined ? [] : [`0%...\nProgress state: ${named}\n`, line(it, task)]),
      line(it, text),
      line(
        it,
        `Details: code ${named} (${CODES[code]}), component ${component}, interface ${iface}${task === undefined ? `, callee ${callee}` : ''}`,
      ),
      ...(context === undefined ? [] : [line(it, `Context: "${context}" at line ${row} of file ${file}`)]),
    ].join('')
  }
}

/** The API refused, and said no more than a code. */
export class BareComProblem extends Refusal {
  readonly exit = 1
  readonly lines: readonly string[]
  constructor(code: Code, meaning: string, context: string, at: string) {
    super(`${code}: ${meaning}`)
    const [file, row] = at.split(':')
    this.lines = [
      `Code ${code} (${CODES[code]}) - ${meaning} (extended info not available)`,
      `Context: "${context}" at line ${row} of file ${file}`,
    ]
  }
  render(it: Installation): string {
    return this.lines.map(text => line(it, text)).join('')
  }
}

/** VBoxManage itself refused, without any usage. */
export class Plain extends Refusal {
  readonly exit: number
  /** What was printed of the progress before. */
  readonly progress: string
  constructor(text: string, exit = 1, progress = '') {
    super(text)
    this.exit = exit
    this.progress = progress
  }
  render(it: Installation): string {
    return this.progress + line(it, this.message)
  }
}

/** A value that its option does not take. */
export class BadArgument extends Plain {}

export const badArgument = (text: string, exit = 2) => new BadArgument(text, exit)

/** Arguments that are not of the command's grammar. */
export class SyntaxProblem extends Refusal {
  readonly exit: number
  readonly usage: string
  constructor(text: string, usage = '', exit = 2) {
    super(text)
    this.usage = usage
    this.exit = exit
  }
  render(it: Installation): string {
    const product = atLeast(it, '7.1') ? 'Oracle VirtualBox' : 'Oracle VM VirtualBox'
    const logo = `${product} Command Line Management Interface Version ${plainVersion(it)}\n`
    const rights = atLeast(it, '7.0')
      ? 'Copyright (C) 2005-2025 Oracle and/or its affiliates\n\n'
      : '(C) 2005-2022 Oracle Corporation\nAll rights reserved.\n\n'
    const error = line(it, this.message)
    const usage = `Usage:\n\n${this.usage}\n`
    return logo + rights + (atLeast(it, '7.0') ? `${error}\n${usage}` : `${usage}\n${error}`)
  }
}

export const progress = '0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\n'

/** Of FindMachine. */
export const noSuchMachine = (name: string, at = 'VBoxManageMisc.cpp:134') =>
  new ComProblem({
    text: /^\{?[0-9a-f]{8}-[0-9a-f-]{27}\}?$/i.test(name)
      ? `Could not find a registered machine with UUID {${name.replace(/[{}]/g, '')}}`
      : `Could not find a registered machine named '${name}'`,
    code: 'VBOX_E_OBJECT_NOT_FOUND',
    of: 'VirtualBoxWrap IVirtualBox',
    context: 'FindMachine(Bstr(VMNameOrUuid).raw(), machine.asOutParam())',
    at,
  })
