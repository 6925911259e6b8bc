import { VERSION } from './version.ts'

/** The answer to `docker-cli-plugin-metadata`; the fields are docker's, a schema of 0.1.0 is the only one there is. */
export const METADATA = {
  SchemaVersion: '0.1.0',
  Vendor: 'machine',
  Version: `v${VERSION}`,
  ShortDescription: 'Make Docker hosts anywhere, and point this client at them',
}
