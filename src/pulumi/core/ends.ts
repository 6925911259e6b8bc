/** When certificates are due. The same rule for all that a program makes: a third of the life, 30 days at most, before the end. */
const DAY_MS = 86_400_000
const MOST_DAYS = 30

export interface Life {
  readonly notBefore: Date
  readonly notAfter: Date
}

/** From then on the certificate is to be replaced. */
export function dueOf({ notBefore, notAfter }: Life): Date {
  const third = (notAfter.getTime() - notBefore.getTime()) / 3
  return new Date(notAfter.getTime() - Math.min(third, MOST_DAYS * DAY_MS))
}

/** True when `due`, an ISO 8601 time out of a state, has come; what is no time never does. */
export function isDue(due: unknown, now: Date): boolean {
  return typeof due === 'string' && Date.parse(due) <= now.getTime()
}
