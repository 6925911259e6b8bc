/** Node for Pulumi's own programs, made to start fast: `preload.cjs` says of what it spares them. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Its flags. */
export const LIGHT = ['--require', join(import.meta.dirname, 'preload.cjs')]
/** Where processes find what others compiled; Node knows by itself what of it is out of date. */
export const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), `machine-test-compiled-${process.getuid?.()}`) }
