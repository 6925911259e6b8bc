/**
 * Automation API: a program of one's own makes, uses and removes a machine, and shows how it goes.
 *
 *     PULUMI_CONFIG_PASSPHRASE=… PULUMI_BACKEND_URL=file://$PWD/state node index.ts
 */
import { Machine } from '@machinehosts/machine/pulumi'
import { LocalWorkspace } from '@pulumi/pulumi/automation/index.js'

const stack = await LocalWorkspace.createOrSelectStack({
  stackName: 'dev',
  projectName: 'machine-example-automation',
  program: async () => {
    const dev = new Machine('dev', { driver: 'nspawn' })
    return { dockerHost: dev.dockerHost, engineVersion: dev.engineVersion }
  },
})

const { outputs } = await stack.up({
  onEvent: ({ diagnosticEvent, resOutputsEvent }) => {
    if (diagnosticEvent) process.stderr.write(diagnosticEvent.message)
    if (resOutputsEvent) console.error(`${resOutputsEvent.metadata.op} ${resOutputsEvent.metadata.urn}`)
  },
})
console.log(`${outputs.engineVersion?.value} answers on ${outputs.dockerHost?.value}`)

await stack.destroy({ onOutput: text => process.stderr.write(text) })
