/** Bodies of an operator: what clients send passes and is written anew, what reaches for the host is refused by its name. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ask, create, OPTIONS, send } from './asking.ts'

interface Sent {
  path: string
  body: unknown
}

/** Taken from the docker client 28.2 and from docker-py 5.0, which docker-compose 1.29 uses. */
const clients: { passes: Sent[]; refused: Sent[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'client-bodies.json'), 'utf8'),
)

test.each(clients.passes.map(({ path, body }, index) => [index, path, body] as const))(
  '%i: %s passes',
  (_, path, body) => {
    const verdict = ask('operator', `POST ${path}`)
    if (!verdict.allow) throw new Error(verdict.message)
    const text = JSON.stringify(body)
    expect(JSON.parse(verdict.body?.(text) ?? text)).toEqual(body)
  },
)

test.each(clients.refused.map(({ path, body }) => [path, body] as const))('%s is refused', (path, body) => {
  expect(() => send(`POST ${path}`, body)).toThrow(/^operators may not /)
})

describe('a container', () => {
  test.each<[string, unknown, string]>([
    ['Privileged', true, 'make privileged containers'],
    ['Privileged', 'true', 'make privileged containers'],
    ['CapAdd', ['NET_ADMIN'], 'add capabilities to containers'],
    ['Devices', [{ PathOnHost: '/dev/sda' }], 'give containers devices of the host'],
    ['DeviceCgroupRules', ['a *:* rwm'], 'give containers devices of the host'],
    ['DeviceRequests', [{ Count: -1 }], 'give containers devices of the host'],
    ['CgroupParent', '/', 'choose the control group containers run in'],
    ['CpuRealtimeRuntime', 950000, 'give containers real-time scheduling'],
    ['PidMode', 'host', 'share namespaces with the host or with other containers'],
    ['PidMode', 'container:x', 'share namespaces with the host or with other containers'],
    ['IpcMode', 'host', 'share namespaces with the host or with other containers'],
    ['IpcMode', 'container:x', 'share namespaces with the host or with other containers'],
    ['UTSMode', 'host', 'share namespaces with the host or with other containers'],
    ['UsernsMode', 'host', 'share namespaces with the host or with other containers'],
    ['CgroupnsMode', 'host', 'share namespaces with the host or with other containers'],
    ['Cgroup', 'container:x', 'share namespaces with the host or with other containers'],
    ['NetworkMode', 'host', "use the host's network"],
    ['NetworkMode', 'container:x', "join another container's network, which may be the host's"],
    ['NetworkMode', '3fa1', "name a network by what may be an id, since it may be that of the host's"],
    ['VolumesFrom', ['x'], 'take over the mounts of other containers, which may be of the host'],
    ['VolumeDriver', 'nfs', 'use volume drivers other than local'],
    ['Annotations', { 'run.oci.hooks.stdout': '/x' }, 'give the runtime annotations'],
    ['MaskedPaths', [], 'choose which paths are hidden from containers'],
    ['ReadonlyPaths', [], 'choose which paths containers may only read'],
    ['OomScoreAdj', -1, 'put containers before the host when memory runs out'],
    ['Runtime', 'runc', 'choose the runtime containers run in'],
    ['Isolation', 'process', 'choose how containers are isolated'],
  ])('may not have %s %j', (key, value, what) => {
    expect(() => create({ [key]: value })).toThrow(new Error(`operators may not ${what} (HostConfig.${key})`))
  })

  test.each<[unknown, string]>([
    [
      { SecurityOpt: ['seccomp=unconfined'] },
      'set security options other than no-new-privileges (HostConfig.SecurityOpt[0])',
    ],
    [
      { SecurityOpt: ['no-new-privileges=false'] },
      'set security options other than no-new-privileges (HostConfig.SecurityOpt[0])',
    ],
    [
      { Sysctls: { 'kernel.core_pattern': '|/x' } },
      'set kernel parameters of the whole host (HostConfig.Sysctls.kernel.core_pattern)',
    ],
    [
      { Sysctls: { 'net/../kernel/core_pattern': 'x' } },
      'set kernel parameters of the whole host (HostConfig.Sysctls.net/../kernel/core_pattern)',
    ],
    [
      { LogConfig: { Type: 'syslog' } },
      'use log drivers other than json-file, local, journald and none (HostConfig.LogConfig.Type)',
    ],
    [
      { LogConfig: { Type: '', Config: { 'syslog-address': 'unix:///x' } } },
      'set this option of a log driver (HostConfig.LogConfig.Config.syslog-address)',
    ],
    [{ StorageOpt: { dir: '/' } }, 'send keys the agent does not know (HostConfig.StorageOpt.dir)'],
    [{ InitPath: '/x' }, 'send keys the agent does not know (HostConfig.InitPath)'],
  ])('may not have %j', (hostConfig, what) => {
    expect(() => create(hostConfig)).toThrow(new Error(`operators may not ${what}`))
  })

  test('may have what stays inside', () => {
    const hostConfig = {
      Sysctls: { 'net.ipv4.ip_forward': '1', 'kernel.shmmax': '1' },
      SecurityOpt: ['no-new-privileges', 'no-new-privileges:true'],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
      NetworkMode: 'app_default',
      IpcMode: 'private',
      Privileged: false,
      CapAdd: [],
      Umask: 18,
    }
    expect(JSON.parse(create(hostConfig))).toEqual({ Image: 'busybox', HostConfig: hostConfig })
  })

  test("joins networks by name, and by id where the host's ids are known", () => {
    const joins = (name: string) => ({ NetworkingConfig: { EndpointsConfig: { [name]: {} } } })
    expect(() => send('POST /containers/create', joins('host'))).toThrow("use the host's network")
    expect(() => send('POST /containers/create', joins('0a1b'))).toThrow('what may be an id')
    const known = { ...OPTIONS, hostNetworks: ['0a1b2c', 'x9y8z7'] }
    expect(() => send('POST /containers/create', joins('0a1b'), known)).toThrow("use the host's network")
    expect(send('POST /containers/create', joins('0a1c'), known)).toContain('0a1c')
  })
})

describe('the same key in another writing', () => {
  test.each([
    '{"HostConfig":{"privileged":true}}',
    '{"HostConfig":{"PRIVILEGED":true}}',
    '{"hostconfig":{"Privileged":true}}',
    '{"Ho\u017ftConfig":{"Privileged":true}}',
    '{"HostConfig":{"Ma\u017f\u212aedPaths":[]}}',
    '{"HostConfig":{"\\u0050rivileged":true}}',
    '{"HostConfig":{"Privileged":false,"Privileged":true}}',
    '{"HostConfig":{"Privileged":false,"\\u0050rivileged":true}}',
    '{"HostConfig":{"Privileged":false},"HostConfig":{"Privileged":true}}',
    '{"Privileged":true}',
    '{"__proto__":{"Privileged":true}}',
    '{"HostConfig":{}} {"HostConfig":{"Privileged":true}}',
    '[{"HostConfig":{"Privileged":true}}]',
    '"x"',
    'HostConfig=x',
  ])('%s is refused', text => {
    expect(() => send('POST /containers/create', text)).toThrow()
  })

  test('is told', () => {
    expect(() => create({ privileged: false })).toThrow(
      new Error('operators may not write the key Privileged in any other way (HostConfig.privileged)'),
    )
    expect(() => send('POST /containers/create', '{"Image":"a","Image":"b"}')).toThrow(
      new Error('the body is no JSON an operator may send: the key Image comes twice'),
    )
  })
})

test('numbers are sent as they came', () => {
  const text = '{"Image":"busybox","HostConfig":{"Memory":9007199254740993,"NanoCpus":1e9,"CpuShares":-0}}'
  expect(send('POST /containers/create', text)).toBe(text)
})

test.each<[string, unknown, string]>([
  ['/containers/x/exec', { Cmd: ['sh'], Privileged: true }, 'run privileged commands (Privileged)'],
  ['/containers/x/update', { Devices: [{}] }, 'give containers devices of the host (Devices)'],
  ['/containers/x/update', { Privileged: false }, 'send keys the agent does not know (Privileged)'],
  ['/volumes/create', { Driver: 'nfs' }, 'use volume drivers other than local (Driver)'],
  [
    '/volumes/create',
    { DriverOpts: { device: '/' } },
    'give a volume options, which can mount anything of the host (DriverOpts.device)',
  ],
  ['/volumes/create', { ClusterVolumeSpec: { Group: 'x' } }, 'make volumes of a cluster (ClusterVolumeSpec)'],
  ['/networks/create', { Driver: 'host' }, 'make networks of drivers other than bridge and overlay (Driver)'],
  ['/networks/create', { ConfigFrom: { Network: 'x' } }, 'make networks from configurations (ConfigFrom.Network)'],
  [
    '/networks/create',
    { Options: { 'com.docker.network.bridge.name': 'br0' } },
    'set this option of a network (Options.com.docker.network.bridge.name)',
  ],
  ['/networks/create', { Ingress: true }, 'make the ingress network of a swarm (Ingress)'],
  [
    '/networks/x/connect',
    { EndpointConfig: { DriverOpts: { parent: 'eth0' } } },
    'set this option of a network (EndpointConfig.DriverOpts.parent)',
  ],
  ['/commit', { HostConfig: {} }, 'send keys the agent does not know (HostConfig)'],
])('POST %s %j is refused', (path, body, what) => {
  expect(() => send(`POST ${path}`, body)).toThrow(new Error(`operators may not ${what}`))
})

describe.each(['/services/create', '/services/web/update'])('POST %s', path => {
  test.each<[unknown, string]>([
    [{ PluginSpec: { Name: 'x' } }, 'run plug-ins as services (TaskTemplate.PluginSpec)'],
    [{ Runtime: 'plugin' }, 'run anything but containers as services (TaskTemplate.Runtime)'],
    [
      { NetworkAttachmentSpec: { ContainerID: 'x' } },
      'attach services to networks this way (TaskTemplate.NetworkAttachmentSpec)',
    ],
    [{ Networks: [{ Target: 'host' }] }, "use the host's network (TaskTemplate.Networks[0].Target)"],
    [
      { Networks: [{ Target: 'x3y' }] },
      "name a network by what may be an id, since it may be that of the host's (TaskTemplate.Networks[0].Target)",
    ],
    [
      { LogDriver: { Name: 'gelf' } },
      'use log drivers other than json-file, local, journald and none (TaskTemplate.LogDriver.Name)',
    ],
    [
      { ContainerSpec: { CapabilityAdd: ['ALL'] } },
      'add capabilities to containers (TaskTemplate.ContainerSpec.CapabilityAdd)',
    ],
    [
      { ContainerSpec: { Sysctls: { 'vm.swappiness': '1' } } },
      'set kernel parameters of the whole host (TaskTemplate.ContainerSpec.Sysctls.vm.swappiness)',
    ],
    [
      { ContainerSpec: { Privileges: { Seccomp: { Mode: 'unconfined' } } } },
      'set security options other than no-new-privileges (TaskTemplate.ContainerSpec.Privileges.Seccomp)',
    ],
    [
      { ContainerSpec: { Mounts: [{ Source: '/', Target: '/x' }] } },
      'mount anything but types bind, volume, tmpfs and image (TaskTemplate.ContainerSpec.Mounts[0].Type)',
    ],
  ])('with the task %j is refused', (task, what) => {
    expect(() => send(`POST ${path}`, { Name: 'web', TaskTemplate: task })).toThrow(
      new Error(`operators may not ${what}`),
    )
  })

  test('takes networks by names that cannot be ids', () => {
    const body = { Name: 'web', Networks: [{ Target: 'app_default' }, { Target: 'ingress' }] }
    expect(JSON.parse(send(`POST ${path}`, body))).toEqual(body)
  })
})

test.each(['start', 'stop', 'kill', 'pause', 'restart', 'rename', 'resize'])('%s takes no body', verb => {
  for (const body of ['', 'null', '{}\n']) expect(send(`POST /containers/x/${verb}`, body)).toBe('')
  for (const body of ['{"Privileged":true}', '{"HostConfig":{}}', 'checkpoint-dir=/etc', '[]']) {
    expect(() => send(`POST /containers/x/${verb}`, body)).toThrow('operators may not send a body with this request')
  }
})
