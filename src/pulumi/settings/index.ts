/** Made by bin/settings.mts from the list of drivers. */
import type { AliyunecsSettings } from './aliyunecs.ts'
import type { Amazonec2Settings } from './amazonec2.ts'
import type { GenericSettings } from './generic.ts'
import type { NoneSettings } from './none.ts'
import type { NspawnSettings } from './nspawn.ts'
import type { VagrantSettings } from './vagrant.ts'
import type { VirtualboxSettings } from './virtualbox.ts'

export interface DriverSettings {
  nspawn: NspawnSettings
  virtualbox: VirtualboxSettings
  vagrant: VagrantSettings
  generic: GenericSettings
  amazonec2: Amazonec2Settings
  aliyunecs: AliyunecsSettings
  none: NoneSettings
}
