/** Programs of the tests run as processes of their own: what only shows between processes needs real ones. */
import { type Ran, run } from './cli.ts'

/** Starts `count` of them at once and waits for all; `args` are each one's arguments. */
export function runTogether(
  program: string,
  count: number,
  args: (index: number) => readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Ran[]> {
  const each = Array.from({ length: count }, (_, index) => runTypeScript(program, args(index), env))
  return Promise.all(each)
}

/** Runs a .ts file on this Node. */
export function runTypeScript(
  program: string,
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Ran> {
  return run(process.execPath, [program, ...args], { env: { NODE_OPTIONS: undefined, ...env } })
}
