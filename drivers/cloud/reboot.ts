/** Clouds only pass a reboot on to the host: until that went down, it still looks and answers as before. */
import { answers } from '../reach.ts'
import { waitFor } from './wait.ts'

/** A host that was told to reboot stops listening within this. */
const DOWN_MS = 45_000
const KNOCK_MS = 2000

/** Waits until the host's SSH port stops answering; goes on after a while where it never did. */
export async function waitUntilDown(address: string, port: number, signal: AbortSignal): Promise<void> {
  const isDown = async () => ((await answers(address, port, signal, KNOCK_MS)) ? undefined : true)
  await waitFor(isDown, { signal, deadlineMs: DOWN_MS, firstMs: 500, mostMs: 1000 })
}
