/** The lines of a create at EC2. */
/** What is always said, in this order. */
export const STEPS = [
  'Running pre-create checks...',
  'Preparing certificates...',
  'Creating machine...',
  'Waiting for machine to be running, this may take a few minutes...',
  'Waiting for SSH to be available...',
  'Detecting the provisioner...',
  'Provisioning with debian(systemd)...',
  'Installing the engine agent...',
  'Copying certs to the remote machine...',
  'Setting Docker configuration on the remote daemon...',
  'live-restore is on: containers go on running while the engine restarts; turn it off to use swarm mode',
  'container logs are kept to 3 files of 10 MB each',
  'Checking connection to Docker...',
  'Docker is up and running!',
]
/** Node comes over SSH where the host has neither curl nor wget. */
const NODE = /^(\w+@\S+ did not fetch Node by itself|sending Node )/

/** The lines that always come, and what else was said of steps that took long. */
export function apart(said: string): { lines: string[]; slow: string[] } {
  const all = said.split('\n').filter(line => line !== '' && !NODE.test(line))
  const isKnown = (line: string) => STEPS.includes(line) || line.startsWith('To point')
  return { lines: all.filter(isKnown), slow: all.filter(line => !isKnown(line)) }
}
