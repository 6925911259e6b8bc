/** A container to be made: all keys the engine's API knows up to 1.56. */
import { absent, any, atLeast, fields, type Judge, list, map, oneOf, text, unset } from '../judge.ts'
import type { RoleOptions } from '../options.ts'
import { endpoint, networkName } from './joining.ts'
import { logConfig, sysctls } from './logging.ts'
import { binds, mounts } from './mounts.ts'
import { RESOURCES } from './resources.ts'

/** What an image can say as well: nothing here reaches the host. */
const CONFIG: Readonly<Record<string, Judge>> = {
  Hostname: any,
  Domainname: any,
  User: any,
  AttachStdin: any,
  AttachStdout: any,
  AttachStderr: any,
  ExposedPorts: any,
  Tty: any,
  OpenStdin: any,
  StdinOnce: any,
  Env: any,
  Cmd: any,
  Healthcheck: any,
  ArgsEscaped: any,
  Image: any,
  Volumes: any,
  WorkingDir: any,
  Entrypoint: any,
  NetworkDisabled: any,
  MacAddress: any,
  OnBuild: any,
  Labels: any,
  StopSignal: any,
  StopTimeout: any,
  Shell: any,
}

/** The body of a commit. */
export const imageConfig: Judge = fields(CONFIG)

export function container(options: RoleOptions): Judge {
  return fields({
    ...CONFIG,
    // A client sends it here too; older engines take keys of HostConfig at this place, and no other of them is known here.
    Runtime: runtime,
    HostConfig: hostConfig(options),
    NetworkingConfig: fields({ EndpointsConfig: map(networkName(options), endpoint) }),
  })
}

const runtime = unset('choose the runtime containers run in')
const otherNamespaces = 'share namespaces with the host or with other containers'

/** Annotations, runtimes and security options reach the program that makes the container; empty lists of paths lay /proc open. */
function hostConfig(options: RoleOptions): Judge {
  return fields({
    ...RESOURCES,
    Binds: binds(options),
    Mounts: mounts(options),
    VolumeDriver: oneOf(['', 'local'], 'use volume drivers other than local'),
    VolumesFrom: unset('take over the mounts of other containers, which may be of the host'),
    Tmpfs: any,
    StorageOpt: fields({ size: any }),
    ContainerIDFile: any,
    LogConfig: logConfig,
    RestartPolicy: any,
    AutoRemove: any,
    ConsoleSize: any,
    Annotations: unset('give the runtime annotations'),
    Privileged: unset('make privileged containers'),
    CapAdd: unset('add capabilities to containers'),
    CapDrop: any,
    SecurityOpt: list(securityOption),
    MaskedPaths: absent('choose which paths are hidden from containers'),
    ReadonlyPaths: absent('choose which paths containers may only read'),
    NetworkMode: networkName(options),
    PidMode: unset(otherNamespaces),
    IpcMode: oneOf(['', 'none', 'private', 'shareable'], otherNamespaces),
    UTSMode: unset(otherNamespaces),
    UsernsMode: unset(otherNamespaces),
    CgroupnsMode: oneOf(['', 'private'], otherNamespaces),
    Cgroup: unset(otherNamespaces),
    PortBindings: any,
    PublishAllPorts: any,
    Dns: any,
    DnsOptions: any,
    DnsSearch: any,
    ExtraHosts: any,
    Links: any,
    GroupAdd: any,
    OomScoreAdj: atLeast(0, 'put containers before the host when memory runs out'),
    ReadonlyRootfs: any,
    ShmSize: any,
    Sysctls: sysctls,
    Runtime: runtime,
    Isolation: oneOf(['', 'default'], 'choose how containers are isolated'),
    Init: any,
    Umask: any,
  })
}

const securityOption = text(option =>
  /^no-new-privileges(?:[:=]true)?$/.test(option) ? undefined : 'set security options other than no-new-privileges',
)
