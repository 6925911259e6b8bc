import type { Config } from '../driver.ts'

/** How the API is reached, and as whom; all that `sweep` takes as well. */
export const accessFlags = {
  accessKeyId: {
    type: 'string',
    help: 'AccessKey ID',
    env: 'ECS_ACCESS_KEY_ID',
    envAliases: ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_ID', 'ALICLOUD_ACCESS_KEY'],
    secret: true,
  },
  accessKeySecret: {
    type: 'string',
    help: 'AccessKey secret',
    env: 'ECS_ACCESS_KEY_SECRET',
    envAliases: ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIYUN_ACCESS_KEY_SECRET', 'ALICLOUD_SECRET_KEY'],
    secret: true,
  },
  securityToken: {
    type: 'string',
    help: 'STS token of temporary keys',
    env: 'ECS_SECURITY_TOKEN',
    envAliases: ['ALIBABA_CLOUD_SECURITY_TOKEN', 'ALIYUN_SECURITY_TOKEN', 'ALICLOUD_SECURITY_TOKEN'],
    aliases: ['aliyunecs-sts-token'],
    secret: true,
  },
  profile: {
    type: 'string',
    help: 'profile of ~/.aliyun/config.json to come as; ALIBABA_CLOUD_PROFILE, else its current one',
    env: 'MACHINE_ALIYUNECS_PROFILE',
  },
  region: {
    type: 'string',
    help: "region; without one the profile's, else cn-hangzhou",
    env: 'ECS_REGION',
    envAliases: ['ALIBABA_CLOUD_REGION_ID', 'ALIBABA_CLOUD_REGION', 'ALIYUN_REGION', 'ALICLOUD_REGION'],
  },
  apiEndpoint: {
    type: 'string',
    help: 'URL or host of the ECS API, where it is another than the region has',
    env: 'ECS_API_ENDPOINT',
    envAliases: ['ECS_ENDPOINT'],
  },
  retries: {
    type: 'int',
    help: 'how often a throttled or failed request is repeated (8); -1: never',
    env: 'MACHINE_ALIYUNECS_RETRIES',
  },
} as const

export type AccessConfig = Config<typeof accessFlags>
