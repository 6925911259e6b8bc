/** What cloud-init on the host is told. */
import * as shared from '../cloud/user-data-file.ts'

/** EC2's limit, before base64. */
const MOST_BYTES = 16_384

/** Base64, as the API takes it; undefined for none. `inherited`: a launch template's, base64. */
export async function userDataFor(
  ask: { file: string | undefined; sshPort: number },
  inherited?: string,
): Promise<string | undefined> {
  const flag = '--amazonec2-userdata or AWS_USERDATA'
  return await shared.userDataFor({ ...ask, cloud: 'EC2', mostBytes: MOST_BYTES, flag }, inherited)
}
