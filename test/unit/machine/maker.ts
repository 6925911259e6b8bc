/** maker.ts STORE: prints the CA certificate a process gets that needs one. MACHINE_CRASH_AT and _LOG as everywhere. */
import { loadOrCreateCa } from '../../../src/machine/authority.ts'
import { worldOf } from './world.ts'

const authority = await loadOrCreateCa(worldOf(process.argv[2] ?? '', { env: process.env }))
console.log(authority.caPem + authority.clientCertPem)
