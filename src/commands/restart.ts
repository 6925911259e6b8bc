import { PowerCommand } from '../power-command.ts'

export default class Restart extends PowerCommand {
  static override summary = 'Restart machines.'
  static override usage = 'restart [NAME...]'
  protected readonly verb = 'restart'
}
