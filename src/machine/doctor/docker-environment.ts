/** Variables that decide where the docker client goes, and contradict each other. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '../world.ts'
import { type Check, ok, warning } from './check.ts'

export const dockerEnvironment: Check<World> = {
  id: 'docker-environment',
  what: 'docker environment',
  async look(w) {
    const { DOCKER_HOST: host, DOCKER_CONTEXT: context, DOCKER_CERT_PATH: certs, DOCKER_TLS_VERIFY: tls } = w.env
    const anew = `eval $(${w.program} env NAME)`
    if (host && context)
      return warning(
        `DOCKER_HOST is set, so docker does not heed DOCKER_CONTEXT=${context}`,
        'unset DOCKER_HOST',
        'unset DOCKER_CONTEXT',
      )
    if (!host)
      return ok(context ? `docker uses the context ${context}` : 'nothing is set: docker goes where its context says')
    if (certs && !(await isThere(join(certs, 'cert.pem'))))
      return warning(`DOCKER_CERT_PATH=${certs} has no cert.pem`, anew, `eval $(${w.program} env -u)`)
    if (tls && !host.startsWith('tcp:')) return ok(`docker uses ${host}`)
    if (host.startsWith('tcp:') && !tls)
      return warning(`DOCKER_HOST is ${host}, and without DOCKER_TLS_VERIFY docker speaks plainly to it`, anew)
    return ok(`docker uses ${host}`)
  },
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
