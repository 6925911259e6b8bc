/** The resources there are, by the word their serialized providers carry. */
import { authority } from './authority.ts'
import { claim } from './claim.ts'
import { client } from './client.ts'
import type { Crud } from './crud.ts'
import { machine } from './machine.ts'

export type Kind = 'machine' | 'claim' | 'authority' | 'client'

export const kinds: Readonly<Record<Kind, Crud>> = { machine, claim, authority, client }
