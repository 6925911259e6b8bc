/** A service to be made or changed: the same rules as for a container, in a swarm's words. */
import { any, atLeast, fields, type Judge, map, oneOf, unset } from '../judge.ts'
import type { RoleOptions } from '../options.ts'
import { serviceNetworks } from './joining.ts'
import { logDriver, sysctls } from './logging.ts'
import { mounts } from './mounts.ts'

export function service(options: RoleOptions): Judge {
  return fields({
    Name: any,
    Labels: map(any),
    TaskTemplate: task(options),
    Mode: any,
    UpdateConfig: any,
    RollbackConfig: any,
    Networks: serviceNetworks(options),
    EndpointSpec: any,
  })
}

function task(options: RoleOptions): Judge {
  return fields({
    PluginSpec: unset('run plug-ins as services'),
    NetworkAttachmentSpec: unset('attach services to networks this way'),
    ContainerSpec: containerSpec(options),
    Resources: fields({
      Limits: amounts,
      Reservations: amounts,
      SwapBytes: any,
      MemorySwappiness: any,
    }),
    RestartPolicy: any,
    Placement: any,
    ForceUpdate: any,
    Runtime: oneOf(['', 'container'], 'run anything but containers as services'),
    Networks: serviceNetworks(options),
    LogDriver: logDriver,
  })
}

const amounts = fields({ NanoCPUs: any, MemoryBytes: any, Pids: any, GenericResources: any })

function containerSpec(options: RoleOptions): Judge {
  return fields({
    Image: any,
    Labels: map(any),
    Command: any,
    Args: any,
    Hostname: any,
    Env: any,
    Dir: any,
    User: any,
    Groups: any,
    Privileges: privileges,
    Init: any,
    StopSignal: any,
    StopGracePeriod: any,
    TTY: any,
    OpenStdin: any,
    ReadOnly: any,
    Mounts: mounts(options),
    Healthcheck: any,
    Hosts: any,
    DNSConfig: any,
    Secrets: any,
    Configs: any,
    Isolation: oneOf(['', 'default'], 'choose how containers are isolated'),
    Sysctls: sysctls,
    CapabilityAdd: unset('add capabilities to containers'),
    CapabilityDrop: any,
    Ulimits: any,
    OomScoreAdj: atLeast(0, 'put containers before the host when memory runs out'),
  })
}

const securityOptions = unset('set security options other than no-new-privileges')

const privileges = fields({
  CredentialSpec: securityOptions,
  SELinuxContext: securityOptions,
  Seccomp: securityOptions,
  AppArmor: securityOptions,
  NoNewPrivileges: any,
})
