import { PowerCommand } from '../power-command.ts'

export default class Kill extends PowerCommand {
  static override summary = 'Stop machines at once, as if the plug were pulled.'
  static override usage = 'kill [NAME...]'
  protected readonly verb = 'kill'
}
