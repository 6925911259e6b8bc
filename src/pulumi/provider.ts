/**
 * What a serialized provider loads: each of its methods is one line that imports this module from the program's node_modules,
 * so that no code of ours and no secret lies in a stack's state, and a newer version of this package changes none.
 */
import { homedir } from 'node:os'
import { type Around, type Crud, HalfDone, type Json, oneLineOf } from './core/crud.ts'
import { type Kind, kinds } from './core/index.ts'
import { engineLink } from './engine-link.ts'
import { answering, interruption } from './interruption.ts'
import { lineOf } from './log.ts'

/** The shape of Pulumi's dynamic provider, without its types. */
export interface Provider {
  check(olds: Json, news: Json): ReturnType<Crud['check']>
  diff(id: string, olds: Json, news: Json): ReturnType<Crud['diff']>
  create(inputs: Json): ReturnType<Crud['create']>
  read(id: string, props: Json): Promise<{ id: string; props: Json }>
  update(id: string, olds: Json, news: Json): ReturnType<Crud['update']>
  delete(id: string, props: Json): Promise<void>
}

export function provider(kind: Kind): Provider {
  const crud = kinds[kind]
  return {
    check: (olds, news) => told(() => crud.check(olds ?? {}, news, around(news))),
    diff: (id, olds, news) => told(() => crud.diff(id, olds, news, around(news))),
    create: inputs => told(() => crud.create(inputs, around(inputs))),
    async read(id, props) {
      const seen = await told(() => crud.read(id, props, around(props)))
      return { id: seen.id ?? '', props: seen.props ?? {} } // no id: it is gone
    },
    update: (id, olds, news) => told(() => crud.update(id, olds, news, around(news))),
    delete: (id, props) => told(() => crud.delete(id, props, around(props))),
  }
}

/** `resource` is the URN by which its provider knows a resource: lines of the log stand on its row. */
function around({ resource }: Json): Around {
  const link = engineLink()
  const urn = typeof resource === 'string' && resource.startsWith('urn:') ? resource : ''
  return {
    env: process.env,
    home: homedir(),
    platform: process.platform,
    signal: interruption(),
    say: event => {
      const line = lineOf(event)
      if (line) link.tell(urn, line)
    },
    now: () => new Date(),
    heard: () => link.heard(),
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await answering(work)
  } catch (error) {
    if (error instanceof HalfDone) throw error
    // Pulumi's server prints the stack beside the message, to people.
    throw Object.assign(new Error(oneLineOf(error), { cause: error }), { stack: '' })
  }
}
