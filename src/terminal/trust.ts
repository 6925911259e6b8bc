/** What is said of machines that do not know what is revoked. */
import { MachineError } from '../errors.ts'
import type { Told } from '../machine/trust/push.ts'
import type { Revoked } from '../machine/trust/revoke.ts'
import type { World } from '../machine/world.ts'

/** Machines whose engines cannot be told at all. */
export function tellRevoked({ stillLetIn }: Revoked, w: World): void {
  if (stillLetIn.length === 0) return
  const [it, has] = stillLetIn.length === 1 ? ['it', 'has'] : ['them', 'have']
  w.say({
    type: 'warn',
    text: `${stillLetIn.join(', ')} ${has} no engine agent, and dockerd knows no revocation: it is still let in there. ${w.program} provision --engine-agent=on ${stillLetIn.join(' ')} gives ${it} the agent`,
  })
}

/** Throws NOT_TOLD where one could not be reached: until it is, the certificates are good there. */
export function refuseUntold(told: readonly Told[], w: World): void {
  const missed = told.filter(machine => machine.told === 'not reached')
  if (missed.length === 0) return
  const names = missed.map(machine => machine.name).join(' ')
  const why = missed.map(({ name, error }) => `${name} (${error})`).join(', ')
  throw new MachineError('NOT_TOLD', `these machines do not know yet what is revoked: ${why}`, {
    hints: [
      `${w.program} cert push ${names} tells them again; provision, start and regenerate-certs do so by themselves`,
    ],
  })
}
