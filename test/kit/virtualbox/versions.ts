/** The installations this stands in for: what their grammar and their texts depend on. */

export const RELEASES = {
  '6.1': '6.1.50r161033',
  '7.0': '7.0.20r163906',
  '7.1': '7.1.6r167084',
  '7.2': '7.2.4r170995',
} as const
export type Release = keyof typeof RELEASES
export type Platform = 'linux' | 'macos' | 'windows'
export type Architecture = 'x86' | 'arm'

export interface Installation {
  readonly release: Release
  readonly platform: Platform
  readonly architecture: Architecture
}

const ORDER = Object.keys(RELEASES) as Release[]

export const atLeast = ({ release }: Pick<Installation, 'release'>, wanted: Release): boolean =>
  ORDER.indexOf(release) >= ORDER.indexOf(wanted)

/** macOS lost the host-only interfaces with 7.0, and got networks of vmnet instead. */
export const hasHostOnlyNets = (it: Installation): boolean => it.platform === 'macos' && atLeast(it, '7.0')

/** '7.0.20', without the revision. */
export const plainVersion = ({ release }: Pick<Installation, 'release'>): string => RELEASES[release].replace(/r.*/, '')
