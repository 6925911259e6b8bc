/** As much of STS as credentials need: AssumeRole, with MFA where the role's name says so, and who one is. */

import type { Call } from '../cloud/calls.ts'
import type { Reply } from '../cloud/serve.ts'
import { newRequestId } from './answers.ts'
import type { Keys } from './keys.ts'
import type { Signed } from './signature.ts'
import { escapeXml } from './xml.ts'

/** A role of this name is assumed with this code only. */
const MFA_ROLE = 'with-mfa'
const MFA_CODE = '123456'
const ACCOUNT = '123456789012'

export function answerSts(form: URLSearchParams, call: Call, signed: Signed, keys: Keys): Reply {
  const { action } = call
  const refuse = (status: number, code: string, message: string): Reply => {
    call.code = code
    call.status = status
    const text = `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${newRequestId()}</RequestId></ErrorResponse>`
    return { status, type: 'text/xml', text }
  }
  const answer = (body: string): Reply => {
    call.code = 'OK'
    call.status = 200
    const text = `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${body}</${action}Result><ResponseMetadata><RequestId>${newRequestId()}</RequestId></ResponseMetadata></${action}Response>`
    return { status: 200, type: 'text/xml', text }
  }
  if (action === 'GetCallerIdentity')
    return answer(
      `<Arn>arn:aws:iam::${ACCOUNT}:user/machine</Arn><UserId>${signed.accessKeyId}</UserId><Account>${ACCOUNT}</Account>`,
    )
  if (action !== 'AssumeRole' && action !== 'GetSessionToken')
    return refuse(400, 'InvalidAction', `Could not find operation ${action}`)
  const role = form.get('RoleArn') ?? ''
  const needsCode = role.endsWith(`/${MFA_ROLE}`) || form.has('SerialNumber')
  if (needsCode && form.get('TokenCode') !== MFA_CODE)
    return refuse(403, 'AccessDenied', `MultiFactorAuthentication failed with invalid MFA one time pass code.`)
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = keys.temporary({
    ttlS: Number(form.get('DurationSeconds') ?? 3600),
  })
  const credentials = `<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${escapeXml(secretAccessKey)}</SecretAccessKey><SessionToken>${escapeXml(sessionToken)}</SessionToken><Expiration>${new Date(expiresAt).toISOString()}</Expiration></Credentials>`
  if (action === 'GetSessionToken') return answer(credentials)
  const session = escapeXml(form.get('RoleSessionName') ?? '')
  return answer(
    `${credentials}<AssumedRoleUser><AssumedRoleId>AROA3XFRBF535EXAMPLE:${session}</AssumedRoleId><Arn>${escapeXml(role)}/${session}</Arn></AssumedRoleUser>`,
  )
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
