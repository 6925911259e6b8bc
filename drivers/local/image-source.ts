/** Where a local VM's image comes from: a file of this computer, a URL, or Ubuntu for its CPU. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { UBUNTU_IMAGES } from '../../provisioning/mirrors.ts'
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { sha256 } from './download.ts'
import { type ImageKind, imageKind } from './image-kind.ts'
import { readDigest } from './sums.ts'

export interface FileSource {
  readonly file: string
  readonly kind: ImageKind
  /** Of what lies there now: another file has another. 16 hex digits. */
  readonly key: string
}

export interface UrlSource {
  readonly url: string
  /** What it must be; undefined: SHA256SUMS beside it says so, where there is one. */
  readonly digest: string | undefined
  /** True: without a digest it is not taken. */
  readonly needsDigest: boolean
  /** What names another image, for texts: '--virtualbox-image'. */
  readonly flag: string
}

export type ImageSource = FileSource | UrlSource

export interface ImageAsk {
  /** File or URL; undefined: the default. */
  readonly image: string | undefined
  readonly digest: string | undefined
  /** 'virtualbox': prefix of the flags, for texts. */
  readonly driver: string
  /** As Node calls it: 'x64'. */
  readonly arch: string
  /** Ending of the default's name: what the driver can use without another tool. */
  readonly ending: (arch: string) => string
}

/** Throws UsageError, or IMAGE for a file that is another one than the digest says. */
export async function imageSource(ask: ImageAsk, ctx: Pick<Ctx, 'env' | 'signal'>): Promise<ImageSource> {
  const digest = ask.digest === undefined ? undefined : digestOf(ask)
  const flag = `--${ask.driver}-image`
  if (ask.image === undefined) return { ...ubuntu(ask), digest, needsDigest: true, flag }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(ask.image))
    return { url: urlOf(ask.image, ask), digest, needsDigest: false, flag }
  const source = await fileSource(ask.image, ask, ctx.env)
  if (digest !== undefined) await checkFile(source.file, digest, ask, ctx.signal)
  return source
}

async function checkFile(file: string, wanted: string, { image = '', driver }: ImageAsk, signal: AbortSignal) {
  const digest = await sha256(file, signal)
  if (digest === wanted) return
  throw new MachineError('IMAGE', `${image} has the SHA-256 ${digest}, and it should be ${wanted}`, {
    hints: [`give its own with --${driver}-image-sha256, or get the image again`],
  })
}

function digestOf({ digest = '', driver }: ImageAsk): string {
  const read = readDigest(digest)
  if (read !== undefined) return read
  throw new UsageError(`--${driver}-image-sha256 "${digest}" is no SHA-256`, ['it has 64 hexadecimal digits'])
}

function ubuntu({ arch, ending, driver }: ImageAsk): { url: string } {
  const word = { x64: 'amd64', arm64: 'arm64' }[arch]
  if (word !== undefined) return { url: `${UBUNTU_IMAGES}-${word}.${ending(arch)}` }
  throw new MachineError('IMAGE', `there is no default image for the CPU of this computer (${arch})`, {
    hints: [`name one with --${driver}-image`],
  })
}

function urlOf(text: string, { driver }: ImageAsk): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).href
  throw new UsageError(`--${driver}-image "${text}" is no URL that can be fetched`, ['give an http(s) URL or a file'])
}

async function fileSource(text: string, { driver }: ImageAsk, env: Ctx['env']): Promise<FileSource> {
  const file = text.startsWith('~/') ? join(env.HOME ?? homedir(), text.slice(2)) : resolve(text)
  const flag = `--${driver}-image ${text}`
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile())
    throw new UsageError(`${flag} is no file`, ['give a disk image of this computer, or an http(s) URL'])
  const kind = await imageKind(file)
  const identity = JSON.stringify([file, found.size, found.mtimeMs])
  return { file, kind: usable(kind, flag), key: createHash('sha256').update(identity).digest('hex').slice(0, 16) }
}

/** The kind, if a machine can have its disk of it. `what` names the image to people. */
export function usable(kind: ImageKind | undefined, what: string): ImageKind {
  if (kind === undefined)
    throw new UsageError(`${what} is no disk image`, ['give a cloud image: VMDK, VDI, VHD, OVA, qcow2 or raw'])
  if (kind === 'iso')
    throw new UsageError(`${what} is a CD: machines boot from a cloud image's disk`, [
      'boot2docker, whose CDs they were, is no longer made',
      'give a cloud image: VMDK, VDI, VHD, OVA, qcow2 or raw',
    ])
  const unpack = { xz: 'xz -dk', gzip: 'gunzip -k', zip: 'unzip', zstd: 'zstd -dk' }[kind as string]
  if (unpack !== undefined) throw new UsageError(`${what} is compressed`, [`unpack it first: ${unpack} FILE`])
  return kind
}
