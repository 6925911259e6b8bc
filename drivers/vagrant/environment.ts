import type { Ctx } from '../driver.ts'
import type { Places } from './places.ts'
import type { State } from './state.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Of Vagrant's own variables, those that say where its boxes and plug-ins are, and as whom to ask; the rest is ours to set. */
const KEPT =
  /^VAGRANT_(HOME|SERVER_URL|CLOUD_TOKEN|DEFAULT_PROVIDER|PREFERRED_PROVIDERS|WSL_.*|INSTALLER_.*|VMWARE_.*|USE_VAGRANT_TRIGGERS|ALIAS_FILE|DISABLE_RESOLV_REPLACE)$/

/** What a Ruby of somebody's own would load into Vagrant's. */
const RUBY = /^(RUBY(OPT|LIB|SHELL)|GEM_(HOME|PATH)|BUNDLE_.*|BUNDLER_.*)$/

/** Which engine the docker client speaks to. */
export const DOCKER = /^DOCKER_(HOST|TLS_VERIFY|CERT_PATH|CONTEXT|API_VERSION)$/

/** The DOCKER_* variables of an environment, to be kept with a container. */
export function dockerEnv(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((e): e is [string, string] => DOCKER.test(e[0]) && e[1] !== undefined && e[1] !== ''),
  )
}

/**
 * The environment vagrant gets: the caller's without what would lead it elsewhere or change what it prints, and with the
 * machine's own folders.
 */
export function vagrantEnv(
  ctx: Pick<Ctx, 'env'>,
  places: Pick<Places, 'cwd' | 'dotfile'>,
  state: Partial<Pick<State, 'Provider' | 'Disks' | 'DockerEnv'>>,
): Record<string, string> {
  const docker = state.Provider === 'docker' && state.DockerEnv
  const kept = Object.entries(ctx.env).filter(
    ([name]) => !RUBY.test(name) && !(docker && DOCKER.test(name)) && (!/^VAGRANT_/.test(name) || KEPT.test(name)),
  )
  return {
    ...(Object.fromEntries(kept.filter(([, value]) => value !== undefined)) as Record<string, string>),
    ...(docker || {}),
    ...(state.Provider ? { VAGRANT_DEFAULT_PROVIDER: state.Provider } : {}),
    ...(state.Disks ? { VAGRANT_EXPERIMENTAL: 'disks' } : {}),
    VAGRANT_CWD: places.cwd,
    VAGRANT_DOTFILE_PATH: places.dotfile,
    VAGRANT_NO_COLOR: '1',
    VAGRANT_CHECKPOINT_DISABLE: '1',
    VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
    VAGRANT_DISABLE_VBOXSYMLINKCREATE: '1',
  }
}
