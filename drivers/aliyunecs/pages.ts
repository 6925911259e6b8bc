/** All pages of what an action lists. Without that, what we made may stand on a page nobody read. */
import type { Action, InputOf, OutputOf } from './actions.ts'
import type { Ecs } from './api.ts'

/** The APIs' most. */
const PER_PAGE = 100
/** VPC's most. */
const PER_VPC_PAGE = 50

/** Of an action that pages by token. */
export async function allByToken<A extends Action, T>(
  ecs: Ecs,
  action: A,
  input: InputOf<A>,
  items: (page: OutputOf<A>) => readonly T[] | undefined,
): Promise<T[]> {
  const found: T[] = []
  for (let token: string | undefined; ; ) {
    const page = await ecs.call(action, {
      ...(input as object),
      MaxResults: PER_PAGE,
      ...(token ? { NextToken: token } : {}),
    } as InputOf<A>)
    found.push(...(items(page) ?? []))
    token = (page as { NextToken?: string }).NextToken || undefined
    if (token === undefined) return found
  }
}

/** Of an action that pages by number; up to the last page, or until one holds what `enough` looks for. */
export async function allByNumber<A extends Action, T>(
  ecs: Ecs,
  action: A,
  input: InputOf<A>,
  items: (page: OutputOf<A>) => readonly T[] | undefined,
  size = PER_PAGE,
): Promise<T[]> {
  const found: T[] = []
  for (let number = 1; ; number++) {
    const page = await ecs.call(action, { ...(input as object), PageNumber: number, PageSize: size } as InputOf<A>)
    const here = items(page) ?? []
    found.push(...here)
    const total = (page as { TotalCount?: number }).TotalCount ?? found.length
    if (here.length === 0 || found.length >= total) return found
  }
}

export function allOfVpc<A extends Action, T>(
  ecs: Ecs,
  action: A,
  input: InputOf<A>,
  items: (page: OutputOf<A>) => readonly T[] | undefined,
): Promise<T[]> {
  return allByNumber(ecs, action, input, items, PER_VPC_PAGE)
}
