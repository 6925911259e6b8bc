/**
 * Every public endpoint this project knows stands here, and nowhere else: what a host or this computer may be told to
 * talk to can be read on one page.
 */
import { UsageError } from '../src/errors.ts'

/** Docker's own package repository. */
export const DOCKER_REPOSITORY = 'https://download.docker.com'

/** Docker's install script: what docker-machine wrote into every record, and what `--engine-install-url` often names. */
export const DEFAULT_INSTALL_URL = 'https://get.docker.com'

/** Copies of the repository by the name `--engine-mirror` takes; hosts in China do not reach the original. */
export const DOCKER_MIRRORS: Readonly<Record<string, string>> = {
  aliyun: 'https://mirrors.aliyun.com/docker-ce',
  'aliyun-vpc': 'http://mirrors.cloud.aliyuncs.com/docker-ce',
  'azure-china': 'https://mirror.azure.cn/docker-ce',
  tuna: 'https://mirrors.tuna.tsinghua.edu.cn/docker-ce',
  ustc: 'https://mirrors.ustc.edu.cn/docker-ce',
}

/** Fingerprints of the keys that sign Docker's packages. A mirror serves the same keys, so a mirror need not be trusted. */
export const DOCKER_KEYS = {
  apt: '9DC858229FC7DD38854AE2D88D81803C0EBFCD88',
  rpm: '060A61C51B558A7F742B77AAC52FEB6B621E9F35',
} as const

/** Services that answer with the caller's own public address, for firewall rules that let only this computer in. */
export const ADDRESS_SERVICES: readonly string[] = [
  'https://checkip.amazonaws.com',
  'https://api.ipify.org',
  'https://ifconfig.me/ip',
]

/**
 * Base URL of the repository to install from.
 * @param mirror a name above or an http(s) URL; undefined means Docker's own
 * @throws UsageError for any other word
 */
export function repositoryBase(mirror: string | undefined): string {
  if (mirror === undefined) return DOCKER_REPOSITORY
  const named = Object.hasOwn(DOCKER_MIRRORS, mirror.toLowerCase()) ? DOCKER_MIRRORS[mirror.toLowerCase()] : undefined
  if (named !== undefined) return named
  if (/^https?:\/\/[^\s'"]+$/.test(mirror)) return mirror.replace(/\/+$/, '')
  throw new UsageError(`no engine mirror is called "${mirror}"`, [
    `use one of ${Object.keys(DOCKER_MIRRORS).join(', ')}, or the http(s) URL of a copy of Docker's repository`,
  ])
}
