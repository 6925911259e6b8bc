import { PowerCommand } from '../power-command.ts'

export default class Stop extends PowerCommand {
  static override summary = 'Shut machines down in order.'
  static override usage = 'stop [NAME...]'
  protected readonly verb = 'stop'
}
