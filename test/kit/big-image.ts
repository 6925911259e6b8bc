/** An image of one big file that nothing compresses, as `docker load` takes it. */
import { execFileSync } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface BigImage {
  readonly path: string
  /** Of its file /data. */
  readonly dataSha256: string
}

/** Writes `bytes` of random data as the image big:latest to `path`. */
export async function writeBigImage(path: string, bytes: number): Promise<BigImage> {
  const folder = `${path}.tmp`
  await mkdir(folder)
  const at = (name: string) => join(folder, name)
  const data = await open(at('data'), 'w')
  const piece = Buffer.alloc(1_000_000)
  for (let left = bytes; left > 0; left -= piece.length)
    await data.write(randomFillSync(piece), 0, Math.min(left, piece.length))
  await data.close()
  const tar = (name: string, ...files: string[]) => execFileSync('tar', ['-C', folder, '-cf', name, ...files])
  tar(at('layer.tar'), 'data')
  const [layerSha256, dataSha256] = [await sha256(at('layer.tar')), await sha256(at('data'))]
  await rm(at('data'))
  const rootfs = { type: 'layers', diff_ids: [`sha256:${layerSha256}`] }
  await writeFile(at('config.json'), JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }))
  const manifest = { Config: 'config.json', RepoTags: ['big:latest'], Layers: ['layer.tar'] }
  await writeFile(at('manifest.json'), JSON.stringify([manifest]))
  tar(path, 'manifest.json', 'config.json', 'layer.tar')
  await rm(folder, { recursive: true })
  return { path, dataSha256 }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}
