/**
 * As much of an instance's metadata service as credentials need: IMDSv2 (a token first, and none of it over v1) with one role.
 * Its address goes into AWS_EC2_METADATA_SERVICE_ENDPOINT.
 */
import { randomBytes } from 'node:crypto'
import { type Listening, listen } from '../cloud/serve.ts'
import type { Ec2Cloud } from './cloud.ts'

export interface Imds extends Listening {
  /** For a program that is to have no other credentials. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Paths that were asked for. */
  readonly asked: readonly string[]
}

const ROLE = 'builder'
const CREDENTIALS = '/latest/meta-data/iam/security-credentials/'

export async function startImds(cloud: Ec2Cloud): Promise<Imds> {
  const token = randomBytes(20).toString('base64url')
  const asked: string[] = []
  const answers: Readonly<Record<string, () => string>> = {
    [CREDENTIALS]: () => ROLE,
    [CREDENTIALS + ROLE]: () => {
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = cloud.keys.temporary()
      return JSON.stringify({
        Code: 'Success',
        Type: 'AWS-HMAC',
        LastUpdated: new Date().toISOString(),
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: sessionToken,
        Expiration: new Date(expiresAt).toISOString(),
      })
    },
    '/latest/meta-data/placement/region': () => cloud.region,
    '/latest/meta-data/placement/availability-zone/': () => `${cloud.region}a`,
  }
  const served = await listen(async (request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    request.resume()
    const say = (status: number, text: string) =>
      void response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
    if (path === '/latest/api/token') {
      response.setHeader('x-aws-ec2-metadata-token-ttl-seconds', '21600')
      return say(request.method === 'PUT' ? 200 : 405, request.method === 'PUT' ? token : '')
    }
    if (request.headers['x-aws-ec2-metadata-token'] !== token) return say(401, 'Unauthorized')
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined
    return answer ? say(200, answer()) : say(404, 'Not Found')
  })
  return {
    ...served,
    asked,
    env: {
      ...cloud.env,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: undefined,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: served.url,
    },
  }
}
