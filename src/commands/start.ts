import { PowerCommand } from '../power-command.ts'

export default class Start extends PowerCommand {
  static override summary = 'Start machines.'
  static override usage = 'start [NAME...]'
  protected readonly verb = 'start'
}
