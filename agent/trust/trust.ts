/** The certificates in force, for the whole process: loaded, changed, watched. */

import type { X509Certificate } from 'node:crypto'
import { watch } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HOST, type KeyAnswer, type TrustChange, type TrustState } from '../protocol.ts'
import { bareSerial } from './client.ts'
import { newKeyRequest } from './csr.ts'
import { judge } from './judge.ts'
import { type Files, type Material, readMaterial, writeWhole } from './material.ts'

export interface Trust extends Disposable {
  readonly now: Material
  /** Bare serial numbers. */
  readonly revoked: ReadonlySet<string>
  /** Reads the files again; keeps what is in force where they will not do, and says so in `problem`. */
  reload(): Promise<void>
  /** Why the files were not taken when they were last read, or undefined. */
  readonly problem: string | undefined
  newKey(name: string): Promise<KeyAnswer>
  /** @throws TrustProblem, and whatever writing files throws; then all is as it was */
  change(change: TrustChange, asker: X509Certificate): Promise<TrustState>
  state(): TrustState
}

/** @param changed called after what is in force has changed */
export async function openTrust(changed: () => void, files: Files = HOST): Promise<Trust> {
  let now = await readMaterial(files)
  let revoked: ReadonlySet<string> = new Set(now.revocations.serials.map(bareSerial))
  let problem: string | undefined
  // Changes and reloads take turns: one must not read what another is half-way through writing.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work)
    turn = mine.catch(() => {})
    return mine
  }
  const take = async () => {
    const next = await readMaterial(files, now.revocations)
    const same =
      next.certPem === now.certPem && next.caPem === now.caPem && next.revocations.number === now.revocations.number
    now = next
    problem = undefined
    if (same) return
    revoked = new Set(now.revocations.serials.map(bareSerial))
    changed()
  }
  const reload = () =>
    inTurn(() =>
      take().catch(error => {
        problem = (error as Error).message
      }),
    )
  const watcher = watchFolder(dirname(files.identity), () => void reload())
  const state = (): TrustState => ({ ca: now.caPem, cert: now.certPem, revoked: now.signed })
  return {
    get now() {
      return now
    },
    get revoked() {
      return revoked
    },
    get problem() {
      return problem
    },
    reload,
    state,
    newKey: name =>
      inTurn(async () => {
        const { keyPem, publicKey, csr } = newKeyRequest(name)
        await writeWhole(files.pendingKey, keyPem)
        return { publicKey, csr }
      }),
    change: (change, asker) =>
      inTurn(async () => {
        const pendingKeyPem = await readFile(files.pendingKey, 'utf8').catch(() => undefined)
        const taken = judge(change, { now, pendingKeyPem, asker, clock: new Date() })
        // More trust before less: CAs first, so that a crash between two files leaves nobody out.
        if (taken.ca !== undefined) await writeWhole(files.ca, taken.ca)
        if (taken.identity !== undefined) await writeWhole(files.identity, taken.identity)
        if (taken.revoked !== undefined) await writeWhole(files.revoked, JSON.stringify(taken.revoked))
        if (
          taken.identity !== undefined &&
          pendingKeyPem !== undefined &&
          taken.identity.includes(pendingKeyPem.trim())
        )
          await rm(files.pendingKey, { force: true })
        await take()
        return state()
      }),
    [Symbol.dispose]: () => watcher(),
  }
}

/** Calls `changed` a moment after something in the folder changed; returns how to stop. Where it cannot watch, SIGHUP remains. */
function watchFolder(folder: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  try {
    const watcher = watch(folder, { persistent: false }, () => {
      clearTimeout(timer)
      timer = setTimeout(changed, 100)
      timer.unref()
    })
    watcher.on('error', () => {})
    return () => {
      clearTimeout(timer)
      watcher.close()
    }
  } catch {
    return () => {}
  }
}
