/**
 * A new server key and certificate for an engine, and nothing else of provisioning. The key is born on the host; key,
 * certificate and CA get their places together, and go back if the engine does not come up with them. The agent, where it is in
 * front of the engine, takes them over with a reload.
 */
import { MachineError } from '../src/errors.ts'
import type { Host } from '../src/ssh/host.ts'
import { agentIsThere } from './agent/facts.ts'
import { installCertificate } from './agent/steps/certificate.ts'
import { changeAgent } from './agent/steps/running.ts'
import { APPLY, type ApplyFile, applyCommand, applyInput } from './apply-script.ts'
import type { Certificates, ProvisionCtx } from './ask.ts'
import { readFacts } from './facts.ts'
import { restartWarning } from './live-restore.ts'
import { withSbin } from './sbin-host.ts'
import { CERTS } from './settings.ts'
import { failure } from './steps/engine-settings.ts'
import { makeKey } from './steps/server-certificate.ts'

/** Where the new key waits until it gets its name. */
const WAITING = `${CERTS.key}.renewed`

/**
 * Returns the certificate the engine now serves. Throws ENGINE_MISSING, ENGINE_NOT_UP (the old ones serve again),
 * ENGINE_DOWN, DISK_FULL.
 * @param port the engine's TCP port, which has to accept again
 */
export async function renewCertificate(
  session: Host,
  port: number,
  certificates: Certificates,
  ctx: ProvisionCtx,
): Promise<string> {
  const host = withSbin(session)
  const facts = await readFacts(host, port, ctx.signal)
  if (!facts.engine)
    throw new MachineError('ENGINE_MISSING', `there is no engine on ${host.name} to renew certificates of`, {
      hints: [`machine provision ${ctx.machine} installs one`],
    })
  if (agentIsThere(facts.agent)) {
    ctx.phase?.('Copying certs to the remote machine...')
    const renewed = await installCertificate(host, certificates, ctx.signal)
    ctx.point('server key made')
    await changeAgent(host, facts, { port, digest: facts.agent.current ?? '' }, ctx)
    return renewed
  }
  const certPem = await certificates.issue(await makeKey(host, WAITING, ctx.signal))
  ctx.point('server key made')
  const files: ApplyFile[] = [
    { path: CERTS.ca, mode: 0o444, text: certificates.caPem },
    { path: CERTS.cert, mode: 0o444, text: certPem },
    { path: CERTS.key, mode: 0o400, from: WAITING },
    { path: WAITING, mode: 0 },
  ]
  const warning = restartWarning(facts, ctx.machine)
  if (warning) ctx.say({ type: 'warn', machine: ctx.machine, text: warning })
  ctx.phase?.('Copying certs to the remote machine...')
  const command = applyCommand({
    init: facts.init,
    port,
    configPath: facts.configPath,
    dockerd: facts.engine.path,
    validate: false, // no setting changes
    words: [],
    action: 'restart',
    first: false,
  })
  const options = { root: true, ok: Object.values(APPLY), timeoutMs: 8 * 60_000, signal: ctx.signal }
  const { code, stdout, stderr } = await host.run(command, { ...options, input: applyInput(files) })
  if (code !== APPLY.done)
    throw failure(code, `${stdout}\n${stderr}`, {
      machine: ctx.machine,
      name: host.name,
      init: facts.init,
      what: 'certificates',
    })
  return certPem
}
