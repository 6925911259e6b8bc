import { providerCode } from '../cloud/failure.ts'

/** Whether EC2 says that the thing is not there. */
export function isGone(error: unknown): boolean {
  return /NotFound$/.test(providerCode(error) ?? '')
}

/** What EC2 no longer knows is as good as removed. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch(error => {
    if (!isGone(error)) throw error
  })
}
