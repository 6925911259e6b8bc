/** Made by bin/settings.mts from the flag specs of the driver: change those. */
import type { Input } from '@pulumi/pulumi'

/** Settings of driver none: an engine that is there already, reached by its URL. */
export interface NoneSettings {
  /** URL of an engine that is there already, as tcp://203.0.113.7:2376 */
  url?: Input<string>
}
