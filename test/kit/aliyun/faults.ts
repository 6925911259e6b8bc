/** Errors that faults give, in the API's words. */
import type { Words } from '../cloud/faults.ts'
import { Problem } from '../cloud/problem.ts'

/** Failures that this cloud alone has. */
export type Own = 'noStock'

export const noStock = () =>
  new Problem(
    'OperationDenied.NoStock',
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    403,
  )

export const throttled = () => new Problem('Throttling.User', 'Request was denied due to user flow control.', 400)

export const WORDS: Words<Own> = {
  throttle: throttled,
  error500: () =>
    new Problem(
      'InternalError',
      'The request processing has failed due to some unknown error, exception or failure.',
      500,
    ),
  unavailable: () =>
    new Problem('ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', 503),
  noStock,
}
