import { unless } from '../tools.ts'
import { whyNoMoto } from './venv.ts'

/** `test`, or a skip that says why there is no cloud to test on. */
export function needsMoto(title: string, body: () => Promise<void>, timeoutMs = 60_000): void {
  unless(whyNoMoto())(title, body, timeoutMs)
}
