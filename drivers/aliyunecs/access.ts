/** How Alibaba Cloud is to be reached, as settings and records have it. */
import type { Ctx } from '../driver.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
  readonly expiration?: Date
}

/** Where the API is and as whom we come. */
export interface Access {
  /** Absent: the profile's, else cn-hangzhou. */
  readonly region?: string | undefined
  /** `--aliyunecs-api-endpoint`; absent: ECS_ENDPOINT, else the region's. */
  readonly endpoint?: string | undefined
  /** `--aliyunecs-profile`; absent: ALIBABA_CLOUD_PROFILE, else the current one. */
  readonly profile?: string | undefined
  /** How often a request is repeated after throttling and failures of the service (8); -1: never. */
  readonly retries?: number | undefined
  /** Keys in a record of the old driver's; ours hold none. */
  readonly keys?: Keys | undefined
}

export type ApiCtx = Pick<Ctx, 'env' | 'signal' | 'say'>

/** How long things may take, in milliseconds. */
export interface Limits {
  readonly connectMs: number
  /** One try, from first byte to last. */
  readonly tryMs: number
  /** All tries together: no new one begins later than this. */
  readonly callMs: number
}
