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

/**
 * AWS's services that answer with the caller's own public address, for firewall rules that let only this computer in; by
 * the family of that address. The first has no IPv6.
 */
export const AWS_ADDRESS_SERVICES = {
  v4: 'https://checkip.amazonaws.com',
  v6: 'https://checkip.global.api.aws',
} as const

/** A copy of npm's registry that hosts in China reach, for the Node that the agent runs on. */
export const NPM_MIRROR_CHINA = 'https://registry.npmmirror.com'

/** Alibaba Cloud's APIs, one below this name in each region; and those of its regions that are reached elsewhere. */
export const ALIYUN_DOMAIN = 'aliyuncs.com'
export const ALIYUN_HOSTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ecs: { 'cn-hangzhou': 'ecs-cn-hangzhou.aliyuncs.com' },
  vpc: { 'cn-hangzhou': 'vpc.aliyuncs.com' },
  slb: { 'cn-hangzhou': 'slb.aliyuncs.com' },
  sts: {},
}
/** Regions of its finance and government clouds, and what has no region of its own. */
export const ALIYUN_CENTRAL_HOSTS: Readonly<Record<string, string>> = {
  ecs: 'ecs.aliyuncs.com',
  vpc: 'vpc.aliyuncs.com',
  slb: 'slb.aliyuncs.com',
  sts: 'sts.aliyuncs.com',
}
/** Its instances find their role's keys here; it is a link-local address. */
export const ALIYUN_METADATA = 'http://100.100.100.200'

/**
 * Ubuntu's cloud images of the current LTS, up to '-CPU.ENDING'; SHA256SUMS lies beside them. VMDK is made for amd64 alone.
 */
export const UBUNTU_IMAGES = 'https://cloud-images.ubuntu.com/releases/noble/release/ubuntu-24.04-server-cloudimg'

/** Where VirtualBox is had. */
export const VIRTUALBOX_DOWNLOADS = 'https://www.virtualbox.org/wiki/Downloads'

/** Such services for clouds that have none of their own. */
export const CHECK_SERVICES = AWS_ADDRESS_SERVICES

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
