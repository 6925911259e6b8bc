/** Calls of the stand-in's VBoxManage as tests make them. */
import { startVirtualBox, type VirtualBoxOptions, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'

export interface Calls {
  /** What it prints; throws when it fails. */
  must(...argv: string[]): Promise<string>
  /** Its exit code and what it says on stderr. */
  refused(...argv: string[]): Promise<readonly [code: number, stderr: string]>
}

export const callsOf = (vbox: () => VirtualBoxStandIn): Calls => ({
  async must(...argv) {
    const { code, stdout, stderr } = await vbox().manage(...argv)
    if (code !== 0) throw new Error(`VBoxManage ${argv.join(' ')}: ${stderr}`)
    return stdout
  },
  async refused(...argv) {
    const { code, stderr } = await vbox().manage(...argv)
    return [code, stderr] as const
  },
})

/** An installation in which nobody waits for anything, and its calls. */
export async function startBox(
  options: VirtualBoxOptions = {},
): Promise<Calls & AsyncDisposable & { readonly vbox: VirtualBoxStandIn }> {
  const vbox = await startVirtualBox({ delays: { unlockMs: 0, acpiMs: 0 }, ...options })
  return { vbox, ...callsOf(() => vbox), [Symbol.asyncDispose]: () => vbox[Symbol.asyncDispose]() }
}

/** showvminfo --machinereadable by its keys. */
export const readInfo = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^"?([^"=\n]+)"?="?(.*?)"?$/gm)].map(([, key = '', value = '']) => [key, value]))

/** Arguments that plug a medium into the controller of machineWithDisks. */
export const attach = (vm: string, port: number, ...rest: string[]): string[] => [
  ...['storageattach', vm, '--storagectl', 'SATA', '--port', String(port), '--device', '0'],
  ...rest,
]

/** A machine with a controller, and nothing on it. */
export async function machineWithDisks({ must }: Calls, name: string): Promise<void> {
  await must('createvm', '--name', name, '--register')
  await must('storagectl', name, '--name', 'SATA', '--add', 'sata', '--portcount', '1')
}
