/**
 * Images from the network, each downloaded once: in the image folder under its digest, for all stores of the person. A
 * note beside them says which digest a URL had, and when: for a month nobody is asked again, so that creates are quick,
 * work offline, and do not fill the disk with each week's image.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { download } from './download.ts'
import { getText, shownUrl } from './get.ts'
import { type ImageKind, imageKind } from './image-kind.ts'
import { type ImageSource, type UrlSource, usable } from './image-source.ts'
import { underLock } from './lock.ts'
import { digestIn } from './sums.ts'

const FRESH_MS = 30 * 24 * 3600_000

export interface Image {
  readonly file: string
  readonly kind: ImageKind
  /** Names it: what is made of equal images has equal names. 16 hex digits. */
  readonly key: string
  /** For people: the URL or the file. */
  readonly name: string
}

interface Note {
  readonly digest: string
  /** When the server was asked, in ms. */
  readonly asked: number
}

type Here = Pick<Ctx, 'env' | 'signal' | 'say' | 'point'>

/** The image, downloaded where it is not there; of several processes one downloads. */
export async function haveImage(source: ImageSource, folder: string, ctx: Here): Promise<Image> {
  if ('file' in source) return { ...source, name: source.file }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const there = await noted(source, folder)
  if (there) return there
  const lock = { path: join(folder, `${hash(source.url)}.lock`), what: 'the image is', purpose: 'download an image' }
  return await underLock(lock, 'Waiting for another process that downloads the same image...', ctx, async () => {
    return (await noted(source, folder)) ?? (await fetchImage(source, folder, ctx))
  })
}

/** What the note says, while it counts and the file is there. A digest that was asked for counts more. */
async function noted(source: UrlSource, folder: string, olderToo = false): Promise<Image | undefined> {
  const note = await readNote(source, folder)
  const digest = source.digest ?? note?.digest
  if (digest === undefined) return undefined
  if (source.digest === undefined && !olderToo && Date.now() - (note?.asked ?? 0) > FRESH_MS) return undefined
  const file = join(folder, fileName(source.url, digest))
  if (!(await stat(file).catch(() => undefined))?.isFile()) return undefined
  return await imageAt(file, digest, source)
}

async function fetchImage(source: UrlSource, folder: string, ctx: Here): Promise<Image> {
  const listed = await listedDigest(source, ctx).catch(async error => {
    ctx.signal.throwIfAborted()
    const older = await noted(source, folder, true)
    if (older) return { older, error }
    throw error
  })
  if (typeof listed === 'object') {
    ctx.say({ type: 'warn', text: `An older copy of ${shownUrl(source.url)} is used: ${messageOf(listed.error)}` })
    return listed.older
  }
  const name = basename(new URL(source.url).pathname)
  // Its digest is its name; where that is not known before, it gets it afterwards.
  const known = listed === undefined ? undefined : join(folder, fileName(source.url, listed))
  const file = known ?? join(folder, `${hash(source.url)}-${name}`)
  if (!known || !(await stat(known).catch(() => undefined))) {
    ctx.say({ type: 'info', text: `Downloading ${shownUrl(source.url)}...` })
    const onProgress = (done: number, total: number) =>
      ctx.say({
        type: 'progress',
        text: `downloading ${name}`,
        ...(total > 0 ? { fraction: done / total, bytes: { done, total } } : {}),
      })
    const digest = await download({ ...ctx, url: source.url, file, digest: listed, onProgress })
    ctx.point('image downloaded')
    if (!known) return await keep(file, digest, source, folder, ctx)
  }
  await writeNote(source, folder, listed as string)
  return await imageAt(file, listed as string, source)
}

/** Puts what nobody vouched for under the digest it came with. */
async function keep(file: string, digest: string, source: UrlSource, folder: string, ctx: Here): Promise<Image> {
  ctx.say({
    type: 'warn',
    text: `Nothing says what ${shownUrl(source.url)} should be: no SHA256SUMS beside it, and no digest was given. It is ${digest}`,
  })
  const named = join(folder, fileName(source.url, digest))
  await rename(file, named)
  await writeNote(source, folder, digest)
  return await imageAt(named, digest, source)
}

/** What it must be, as SHA256SUMS beside it or the person says; undefined where nobody does. */
async function listedDigest(source: UrlSource, ctx: Here): Promise<string | undefined> {
  if (source.digest !== undefined) return source.digest
  const sums = new URL('SHA256SUMS', source.url).href
  const name = decodeURIComponent(basename(new URL(source.url).pathname))
  let why = `${shownUrl(sums)} does not list ${name}`
  try {
    const digest = digestIn(await getText(sums, ctx), name)
    if (digest !== undefined) return digest
  } catch (error) {
    ctx.signal.throwIfAborted()
    why = `${shownUrl(sums)} cannot be read: ${messageOf(error)}`
  }
  if (!source.needsDigest) return undefined
  throw new MachineError('IMAGE_DOWNLOAD', why, {
    hints: [
      'does this computer reach the internet, maybe through a proxy (HTTPS_PROXY)?',
      `or name an image that is there, a file or a URL: ${source.flag}`,
    ],
  })
}

async function imageAt(file: string, digest: string, { url }: UrlSource): Promise<Image> {
  const name = shownUrl(url)
  return { file, kind: usable(await imageKind(file), name), key: digest.slice(0, 16), name }
}

function fileName(url: string, digest: string): string {
  return `${digest.slice(0, 16)}-${basename(new URL(url).pathname) || 'image'}`
}

const noteFile = (source: UrlSource, folder: string) => join(folder, `${hash(source.url)}.json`)

async function readNote(source: UrlSource, folder: string): Promise<Note | undefined> {
  try {
    const note = JSON.parse(await readFile(noteFile(source, folder), 'utf8')) as Partial<Note>
    if (/^[0-9a-f]{64}$/.test(note.digest ?? '') && typeof note.asked === 'number') return note as Note
  } catch {
    // none, or half written by a computer that went down: it is asked again
  }
  return undefined
}

async function writeNote(source: UrlSource, folder: string, digest: string): Promise<void> {
  await writeFile(noteFile(source, folder), `${JSON.stringify({ digest, asked: Date.now() } satisfies Note)}\n`)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
