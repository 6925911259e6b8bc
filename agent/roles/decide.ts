/** What a role may do, told from the head of a request alone. Whatever is not known is for admins only. */
import { CHECKS } from './checks.ts'
import { shown } from './json.ts'
import type { Operation } from './operations.ts'
import type { RoleOptions } from './options.ts'
import { given } from './query.ts'
import { operationFor, segmentsOf, takesOver } from './route.ts'
import { type Allowed, type Asked, Refusal, type Refused, type Verdict } from './verdict.ts'
import { VIEWS } from './views.ts'

export function decide(asked: Asked, options: RoleOptions): Verdict {
  const segments = segmentsOf(asked.path)
  const hijack = segments !== undefined && takesOver(asked.method, segments)
  if (asked.role === 'admin') return { allow: true, hijack }

  const operation = segments && operationFor(asked.method, segments)
  if (!operation) return refused(`${asked.role}s may not ${named(asked)}: it is for admins only`)
  switch (asked.role) {
    case 'viewer':
      return view(asked, operation)
    case 'operator':
      return operate(asked, operation, options, hijack)
    default:
      return refused('only viewers, operators and admins may ask')
  }
}

function view(asked: Asked, { viewer }: Operation): Verdict {
  if (typeof viewer === 'object') return refused(`viewers may not ${named(asked)}: ${viewer.no}`)
  // It is ps that takes them, and ps can show the environment of processes.
  if (viewer === 'plain' && given(asked.query, 'ps_args').length > 0)
    return refused('viewers may not choose what ps shows (ps_args)')
  if (viewer === 'yes' || viewer === 'plain' || asked.method === 'HEAD') return { allow: true, hijack: false }
  return { allow: true, hijack: false, answer: VIEWS[viewer] }
}

function operate(asked: Asked, { operator }: Operation, options: RoleOptions, hijack: boolean): Verdict {
  if (typeof operator === 'object') return refused(`operators may not ${named(asked)}: ${operator.no}`)
  if (operator === 'yes') return { allow: true, hijack }
  try {
    const body = CHECKS[operator](asked.query, options)
    const allowed: Allowed = { allow: true, hijack }
    return body ? { ...allowed, body } : allowed
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message)
    throw error
  }
}

function refused(message: string): Refused {
  return { allow: false, message }
}

function named({ method, path }: Asked): string {
  return `${shown(method)} ${shown(path, 200)}`
}
