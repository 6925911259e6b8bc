/** A certificate authority that machines and client certificates of a program share. It is made here, and on no host. */
import { createCa, examine } from '../../certs/index.ts'
import { checkDays, ownerIn } from './certificate-inputs.ts'
import type { Around, Checked, Crud, Diff, Json } from './crud.ts'
import { same } from './values.ts'

/** Another one touches every machine: its time has to be planned, so that it comes when a program asks for it. */
const DAYS = 3650

export const authority: Crud = {
  async check(_olds: Json, news: Json, around: Around): Promise<Checked> {
    const inputs = { ...news, owner: news.owner ?? ownerIn(_olds, around), days: news.days ?? DAYS }
    return { inputs, failures: checkDays(inputs.days, 3650) }
  },
  async diff(_id: string, olds: Json, news: Json): Promise<Diff> {
    const replaces = ['owner', 'days'].filter(key => !same(olds[key], news[key]))
    return { changes: replaces.length > 0, replaces }
  },
  async create(inputs: Json, around: Around) {
    const { owner, days } = inputs
    const ca = await createCa({ owner: String(owner), now: around.now(), days: Number(days) })
    const { serial, notAfter } = examine(ca.certPem)
    const outs = { ...inputs, caCert: ca.certPem, caKey: ca.keyPem, expires: notAfter.toISOString() }
    return { id: serial, outs }
  },
  async read(id: string, props: Json) {
    return { id, props }
  },
  async update(_id: string, olds: Json, news: Json) {
    return { outs: { ...olds, ...news } }
  },
  async delete() {},
}
