/**
 * Docker Machine's flags with their variables and meaning, what its forks added (their names are aliases), and ours. Few
 * have a `default`: a launch template gives way to what was typed alone, so what is the default otherwise is settled in
 * settings.ts and stands in brackets here.
 */
import type { Config } from '../driver.ts'
import { accessFlags } from './flags-access.ts'
import { diskFlags, instanceFlags, spotFlags, sshFlags } from './flags-instance.ts'
import { networkFlags } from './flags-network.ts'

export const flags = {
  ...accessFlags,
  ...instanceFlags,
  ...diskFlags,
  ...networkFlags,
  ...spotFlags,
  ...sshFlags,
} as const

export type Ec2Config = Config<typeof flags>
export type AccessConfig = Config<typeof accessFlags>
