/** Services of which moto's answer is enough, as it is: SSM's parameters, and IAM for tests that ask by the side. */
import type { Call } from '../cloud/calls.ts'
import type { Reply } from '../cloud/serve.ts'
import type { Signed, SignedRequest } from './signature.ts'
import type { World } from './world.ts'

export async function answerSsm(
  { service, region }: Signed,
  { headers: asked, body }: SignedRequest,
  call: Call,
  world: World,
): Promise<Reply> {
  const headers: Record<string, string> = {}
  for (const name of ['content-type', 'x-amz-target']) if (asked[name]) headers[name] = String(asked[name])
  if (service === 'ssm') call.parameters = JSON.parse(body || '{}')
  const response = await world.moto.forward(service, region, { headers, body })
  const text = await response.text()
  call.status = response.status
  call.code = response.ok ? 'OK' : (/"__type":\s*"(?:[^"]*#)?([^"]+)"/.exec(text)?.[1] ?? String(response.status))
  return { status: response.status, type: response.headers.get('content-type') ?? 'application/x-amz-json-1.1', text }
}
