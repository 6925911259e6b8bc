/** A container that counts aloud, and clients that listen to it: whoever missed a line, or was cut off, shows it. */
import type { Dev } from './dev-machine.ts'
import type { Followed } from './follow.ts'
import { importBusybox } from './images.ts'

/** Starts it under the name `ticker`; it starts again with its engine. */
export async function startTicker(dev: Dev): Promise<void> {
  await importBusybox(dev.home, 'dev')
  const count = 'i=1; while :; do echo tick $i; i=$((i+1)); sleep 0.2; done'
  await dev.docker('run', '-d', '--restart', 'always', '--name', 'ticker', 'busybox', 'sh', '-c', count)
}

/** Arguments of the docker client that listens. */
export const LISTEN = ['logs', '-f', '--tail', '1', 'ticker']

/** Resolves when it has heard two lines more. */
export async function hearsOn(listener: Followed): Promise<void> {
  await listener.said('tick ')
  const heard = ticksOf(listener)
  await listener.said(`tick ${(heard.at(-1) ?? 0) + 2}\n`)
}

/** The numbers it heard that do not follow the one before. */
export function missedBy(listener: Followed): number[] {
  const heard = ticksOf(listener)
  return heard.filter((tick, i) => i > 0 && tick !== (heard[i - 1] ?? 0) + 1)
}

function ticksOf(listener: Followed): number[] {
  return [...listener.text().matchAll(/tick (\d+)\n/g)].map(match => Number(match[1]))
}
