/** What differs between distributions, as a table: one row a family, found by ID, then by ID_LIKE of /etc/os-release. */
import type { OsRelease } from './os-release.ts'

export type PackageTool = 'apt' | 'dnf' | 'zypper' | 'pacman' | 'apk'

export interface Distro {
  /** Name for texts. */
  readonly name: string
  readonly tool: PackageTool
  /** Where Docker's repository holds packages for it; absent: Docker builds none. */
  readonly repository?: {
    /** Folder under `linux/`. */
    readonly folder: string
    /** Code name (apt) or major version (rpm) there. */
    readonly release: (os: OsRelease) => string
  }
  /** The distribution's own packages, first what is needed, tried if Docker's repository is out of reach. */
  readonly packages?: readonly string[]
}

const major = (os: OsRelease) => os.versionId.split('.')[0] ?? ''
const rpm = (folder: string, release = major) => ({ folder, release })

const DEBIAN: Distro = {
  name: 'Debian',
  tool: 'apt',
  repository: { folder: 'debian', release: os => os.debianCodename || os.codename },
  packages: ['docker.io'],
}
const UBUNTU: Distro = {
  name: 'Ubuntu',
  tool: 'apt',
  repository: { folder: 'ubuntu', release: os => os.ubuntuCodename || os.codename },
  packages: ['docker.io'],
}
const RHEL: Distro = { name: 'Red Hat family', tool: 'dnf', repository: rpm('centos') }
const SUSE: Distro = { name: 'SUSE', tool: 'zypper', packages: ['docker'] }

/** Rows by ID. Docker's packages for CentOS 8 and 9 are what Alibaba Cloud Linux 3 and 4 document. */
const BY_ID: Readonly<Record<string, Distro>> = {
  debian: DEBIAN,
  raspbian: { ...DEBIAN, name: 'Raspberry Pi OS' },
  ubuntu: UBUNTU,
  linuxmint: { ...UBUNTU, name: 'Linux Mint' },
  pop: { ...UBUNTU, name: 'Pop!_OS' },
  rhel: { ...RHEL, name: 'Red Hat Enterprise Linux', repository: rpm('rhel') },
  centos: { ...RHEL, name: 'CentOS' },
  rocky: { ...RHEL, name: 'Rocky Linux' },
  almalinux: { ...RHEL, name: 'AlmaLinux' },
  ol: { ...RHEL, name: 'Oracle Linux' },
  fedora: { name: 'Fedora', tool: 'dnf', repository: rpm('fedora'), packages: ['moby-engine'] },
  amzn: { name: 'Amazon Linux', tool: 'dnf', packages: ['docker'] },
  alinux: {
    name: 'Alibaba Cloud Linux',
    tool: 'dnf',
    repository: rpm('centos', os => (major(os) === '2' ? '7' : major(os) === '3' ? '8' : '9')),
    packages: ['docker'],
  },
  openEuler: { name: 'openEuler', tool: 'dnf', repository: rpm('centos', () => '9'), packages: ['docker-engine'] },
  sles: { ...SUSE, name: 'SUSE Linux Enterprise' },
  arch: { name: 'Arch Linux', tool: 'pacman', packages: ['docker'] },
  alpine: { name: 'Alpine Linux', tool: 'apk', packages: ['docker'] },
}

/** Words of ID_LIKE in the order that decides: Ubuntu's children say "ubuntu debian", Amazon's say "fedora". */
const BY_LIKE: readonly (readonly [string, Distro])[] = [
  ['ubuntu', UBUNTU],
  ['debian', DEBIAN],
  ['suse', SUSE],
  ['opensuse', SUSE],
  ['arch', BY_ID.arch as Distro],
  ['alpine', BY_ID.alpine as Distro],
  ['rhel', RHEL],
  ['centos', RHEL],
  ['fedora', RHEL],
]

/** The row for a host, or undefined if nobody has written one: then only an engine already there can be used. */
export function distroOf(os: OsRelease): Distro | undefined {
  const own = Object.hasOwn(BY_ID, os.id) ? BY_ID[os.id] : undefined
  if (own) return own
  if (/suse/.test(os.id)) return SUSE
  return BY_LIKE.find(([word]) => os.idLike.includes(word))?.[1]
}
