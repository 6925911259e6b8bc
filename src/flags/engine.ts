/** What a person may say of the engine when a machine is made. */
import { Flags } from '@oclif/core'
import { integer, list } from './types.ts'

const ENGINE = 'ENGINE'

export const engineFlags = {
  'engine-version': Flags.string({
    description: 'version to install, whole or its beginning: 28.5',
    helpGroup: ENGINE,
  }),
  'engine-mirror': Flags.string({
    description: "mirror of Docker's package repository: aliyun, azure-china, or a URL (env MACHINE_ENGINE_MIRROR)",
    helpGroup: ENGINE,
  }),
  'engine-install-url': Flags.string({
    description: 'script that installs the engine, or none (env MACHINE_DOCKER_INSTALL_URL)',
    helpGroup: ENGINE,
    helpValue: 'URL|none',
  }),
  'engine-port': integer({
    description: 'port of the engine (env MACHINE_ENGINE_PORT, default 2376)',
    helpGroup: ENGINE,
    min: 1,
    max: 65535,
  }),
  'engine-opt': list({ description: 'dockerd option, key=value; repeatable', helpGroup: ENGINE }),
  'engine-label': list({ description: 'label of the engine, key=value; repeatable', helpGroup: ENGINE }),
  'engine-env': list({ description: 'environment of the engine, KEY=value; repeatable', helpGroup: ENGINE }),
  'engine-insecure-registry': list({
    description: 'registry spoken to without checked TLS; repeatable',
    helpGroup: ENGINE,
  }),
  'engine-registry-mirror': list({
    description: 'mirror of Docker Hub; repeatable (env ENGINE_REGISTRY_MIRROR)',
    helpGroup: ENGINE,
  }),
  'engine-storage-driver': Flags.string({ description: 'storage driver of the engine', helpGroup: ENGINE }),
  'engine-live-restore': Flags.boolean({
    description: 'containers outlive a restart of the engine (default: on for an engine installed here)',
    helpGroup: ENGINE,
    allowNo: true,
  }),
  'engine-log-rotation': Flags.boolean({
    description: 'container logs are rotated (default: on for an engine installed here)',
    helpGroup: ENGINE,
    allowNo: true,
  }),
  'engine-agent': Flags.string({
    description:
      'agent in front of the engine: roles, revocation, audit (env MACHINE_ENGINE_AGENT; default: on where it can run)',
    helpGroup: ENGINE,
    options: ['on', 'off'],
  }),
  'engine-agent-registry': Flags.string({
    description:
      "npm registry the host gets the agent's runtime from (env MACHINE_ENGINE_AGENT_REGISTRY; default: npm's here)",
    helpGroup: ENGINE,
    helpValue: 'URL',
  }),
  'engine-agent-operator-mount': list({
    description: 'folder of the host that operators may mount; repeatable',
    helpGroup: ENGINE,
    helpValue: 'PATH',
  }),
  'tls-san': list({
    description: 'further name or address the server certificate covers; repeatable',
    helpGroup: ENGINE,
  }),
}
