import { access, readFile, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import { sh } from '../../src/ssh/quote.ts'
import type { Ctx } from '../driver.ts'
import type { NspawnConfig } from './flags.ts'
import { canBeRoot, runAsRoot } from './root-shell.ts'
import { plainPath, readRootSource } from './settings.ts'
import { BRIDGE_NAME, overlaps, parseSubnet, type Subnet, toNumber } from './subnet.ts'
import { missingTools } from './tools.ts'

/** Free space a host needs to start with, in bytes: its tree (0.4 GB) and a few images. A tree being built needs as much. */
const ROOM = 2 * 1024 ** 3

/** statfs types that dockerd's overlay2 cannot lie on. */
const OVERLAYFS = 0x794c7630

/** Read-only: tools, root, disk, subnet, flags that cannot be. Throws how to fix it. */
export async function preflight(config: NspawnConfig, ctx: Ctx): Promise<void> {
  const missing = await missingTools(ctx.env.PATH ?? '')
  if (missing.length > 0) {
    throw new MachineError(
      'NSPAWN_TOOLS',
      `missing on this computer: ${missing.map(m => m.split(':')[0]).join(', ')}`,
      {
        hints: [...missing],
      },
    )
  }
  const net = parseSubnet(config.subnet)
  checkLimit('--nspawn-memory', config.memory, 64)
  checkLimit('--nspawn-cpus', config.cpus, 1)
  await readRootSource(config)
  await checkRoom(plainPath(config.stateDir), '--nspawn-state-dir')
  await checkRoom(plainPath(config.cacheDir), '--nspawn-cache-dir')
  // `true` through sudo says best what is wrong.
  if (!(await canBeRoot(ctx.signal))) await runAsRoot(sh`true`, { signal: ctx.signal, doing: 'become root' })
  await checkSubnet(net, ctx)
}

function checkLimit(flag: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least)) return
  throw new MachineError('USAGE', `${flag} ${value} is too little: at least ${least}`)
}

async function nearestThere(path: string): Promise<string> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  return there || path === '/' ? path : nearestThere(dirname(path))
}

async function checkRoom(path: string, flag: string): Promise<void> {
  const { type, bavail, bsize } = await statfs(await nearestThere(path))
  if (type === OVERLAYFS && flag === '--nspawn-state-dir') {
    throw new MachineError(
      'NSPAWN_OVERLAY',
      `${path} lies on an overlay file system, on which an engine cannot keep its images`,
      {
        hints: [`name a folder on a plain file system (ext4, xfs, btrfs) with ${flag} or MACHINE_NSPAWN_STATE_DIR`],
      },
    )
  }
  if (bavail * bsize < ROOM) {
    const free = Math.floor((bavail * bsize) / 1024 ** 2)
    throw new MachineError('NSPAWN_DISK', `only ${free} MB are free for ${path}, a host needs ${ROOM / 1024 ** 2}`, {
      hints: [`free some space, or name another folder with ${flag}`],
    })
  }
}

/** Routes of this computer, from /proc/net/route: addresses in little-endian hex. */
async function readRoutes(): Promise<{ device: string; base: number; prefix: number }[]> {
  const lines = (await readFile('/proc/net/route', 'utf8').catch(() => '')).split('\n').slice(1)
  const number = (hex: string) =>
    toNumber(
      (hex.match(/../g) ?? [])
        .reverse()
        .map(part => parseInt(part, 16))
        .join('.'),
    )
  return lines.flatMap(line => {
    const [device, base, , , , , , mask] = line.split('\t')
    if (!device || !base || !mask) return []
    const prefix = number(mask.trim()).toString(2).replace(/0+$/, '').length
    return [{ device, base: number(base), prefix }]
  })
}

/** A subnet that this computer already reaches some other way would cut it off from there. */
async function checkSubnet(net: Subnet, ctx: Ctx): Promise<void> {
  const taken = (await readRoutes()).find(route => {
    if (route.prefix === 0 || route.device === net.bridge || !overlaps(route, net)) return false
    // Our own smaller and larger subnets may lie in each other, unless they would share the bridge's address.
    return !BRIDGE_NAME.test(route.device) || route.base === net.base
  })
  if (taken === undefined) return
  throw new MachineError(
    'NSPAWN_SUBNET',
    `subnet ${net.cidr} overlaps a network this computer has on ${taken.device}`,
    {
      hints: [
        `choose another with --nspawn-subnet or MACHINE_NSPAWN_SUBNET, as 10.213.0.0/16; machine "${ctx.name}" was not made`,
      ],
    },
  )
}
