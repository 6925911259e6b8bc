/** The driver amazonec2 called in this process: a store with a group of its own in the account of the stand-in cloud. */
import type { Ec2Config } from '../../drivers/amazonec2/flags.ts'
import type { amazonec2 } from '../../drivers/amazonec2/index.ts'
import type { State } from '../../drivers/amazonec2/state.ts'
import type { Ec2Cloud } from '../kit/ec2/cloud.ts'
import { DriverStore } from './driver-store.ts'

export type Amazonec2 = typeof amazonec2

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOGgN0g7aEw1H8HS4MSkthigy8n23aLuUhxBqbP/mS9Z check'
export const CALLER = '192.0.2.77'

export class Store extends DriverStore<Ec2Config, State, Amazonec2, Ec2Cloud> {
  readonly group = `group-${this.id}`
  protected override readonly usual = { 'security-group': [this.group] }

  constructor(driver: Amazonec2, cloud: Ec2Cloud) {
    super(driver, cloud, PUBLIC_KEY)
  }
}
