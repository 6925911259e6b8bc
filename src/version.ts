import pkg from '../package.json' with { type: 'json' }

/** package.json of this package. */
export const PACKAGE = pkg

/** Version of this package. */
export const VERSION: string = pkg.version

declare const __BUILD__: string | undefined

/** Names the sources the command line was built from; docker-machine named a commit there. */
export const BUILD: string = typeof __BUILD__ === 'undefined' ? 'sources' : __BUILD__
