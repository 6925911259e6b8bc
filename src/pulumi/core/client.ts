/** A client certificate for somebody, or for a program; an update near its end makes it anew. */
import { ROLES, type Role } from '../../../agent/protocol.ts'
import { examine, isLabel, issueClientCert } from '../../certs/index.ts'
import { checkAuthority, checkDays, ownerIn } from './certificate-inputs.ts'
import type { Around, Checked, Crud, Diff, Failure, Json } from './crud.ts'
import { dueOf, isDue } from './ends.ts'
import { hasUnknown, objectOf, same } from './values.ts'

const DAYS = 90
const INPUTS = ['authority', 'label', 'role', 'days', 'machineIds'] as const

export const client: Crud = {
  async check(olds: Json, news: Json, around: Around): Promise<Checked> {
    const inputs: Json = {
      ...news,
      owner: ownerIn(olds, around),
      role: news.role ?? 'admin',
      days: news.days ?? DAYS,
    }
    const failures: Failure[] = [...checkAuthority(inputs.authority), ...checkDays(inputs.days, 3650)]
    const { label, role } = inputs
    if (!hasUnknown(label) && !(typeof label === 'string' && isLabel(label)))
      failures.push({ property: 'label', reason: 'says whom it is for: up to 64 letters, digits and . _ @ -' })
    if (!hasUnknown(role) && !ROLES.includes(role as Role))
      failures.push({ property: 'role', reason: `is one of ${ROLES.join(', ')}` })
    return { inputs, failures }
  },
  async diff(_id: string, olds: Json, news: Json, around: Around): Promise<Diff> {
    const updates: string[] = INPUTS.filter(key => !same(olds[key], news[key]))
    if (isDue(olds.due, around.now())) updates.push('due')
    return { changes: updates.length > 0, updates }
  },
  async create(inputs: Json, around: Around) {
    const outs = await issue(inputs, around)
    return { id: String(outs.serial), outs }
  },
  async read(id: string, props: Json) {
    return { id, props }
  },
  async update(_id: string, _olds: Json, news: Json, around: Around) {
    return { outs: await issue(news, around) }
  },
  async delete() {},
}

async function issue(inputs: Json, around: Around): Promise<Json> {
  const { authority, label, role, days, owner, machineIds } = inputs
  const { caCert, caKey } = objectOf(authority)
  const pair = await issueClientCert({
    ca: { certPem: String(caCert), keyPem: String(caKey) },
    owner: String(owner),
    now: around.now(),
    days: Number(days),
    role: role as Role,
    commonName: String(label),
    ...(Array.isArray(machineIds) ? { machineIds: machineIds as string[] } : {}),
  })
  const { serial, notAfter, notBefore } = examine(pair.certPem)
  return {
    ...inputs,
    ca: String(caCert),
    cert: pair.certPem,
    key: pair.keyPem,
    serial,
    expires: notAfter.toISOString(),
    due: dueOf({ notBefore, notAfter }).toISOString(),
  }
}
