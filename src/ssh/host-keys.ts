/** Which host keys a connection accepts: the pinned ones, or, where none is known yet, the first one seen. */
import { MachineError } from '../errors.ts'
import { fingerprint, keyTypeOf, publicLine } from './keys.ts'
import { knownHostsName } from './known-hosts.ts'

/** Whose key it is, for texts. */
interface Shower {
  readonly address: string
  readonly port: number
  readonly machine?: string
  readonly knownIn?: string
}

/** Host key algorithms by key type, best first; 'ssh-rsa' as an algorithm (SHA-1) is what only old servers have left. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
}

/** What to offer: the pinned types first, so that a host with keys of several types shows the one we know. */
export function hostKeyAlgorithms(pins: readonly string[]): string[] {
  const pinned = pins.map(pin => pin.trim().split(/\s+/)[0] ?? '')
  const types = [...pinned, ...Object.keys(ALGORITHMS)]
  return [...new Set(types.flatMap(type => ALGORITHMS[type] ?? []))]
}

/** Remembers the key a server showed and judges it. */
export class HostKeyCheck {
  /** 'ssh-ed25519 AAAA…'; '' before the server showed one. */
  seen = ''
  readonly #pins: readonly string[]

  constructor(pins: readonly string[]) {
    this.#pins = pins.map(pin => pin.trim().split(/\s+/).slice(0, 2).join(' '))
  }

  /** True when this key (in its wire form) is one to go on with. */
  accept(key: Buffer): boolean {
    this.seen = publicLine(key)
    return this.#pins.length === 0 || this.#pins.includes(this.seen)
  }

  /** The refusal of the key seen, with both fingerprints; undefined when none was refused. */
  refusal({ address, port, machine, knownIn }: Shower): MachineError | undefined {
    const at = `${address}:${port}`
    if (this.seen === '' || this.#pins.length === 0 || this.#pins.includes(this.seen)) return undefined
    const known = this.#pins.map(pin => `${pin.split(' ')[0]} ${fingerprint(pin)}`).join(' or ')
    const shown = `${keyTypeOf(Buffer.from(this.seen.split(' ')[1] ?? '', 'base64'))} ${fingerprint(this.seen)}`
    return new MachineError(
      'SSH_HOST_KEY_CHANGED',
      `the SSH host key of ${at} is not the one this machine had: it shows ${shown}, known is ${known}; ` +
        'either the host was made anew, or another host answers at its address, or somebody listens in between',
      {
        hints: [
          knownIn === undefined
            ? `if the host was rebuilt: machine provision --accept-host-key ${machine ?? 'NAME'}`
            : `if the host was rebuilt: ssh-keygen -f ${knownIn} -R '${knownHostsName(address, port)}'`,
          `if it was not, do not go on: find out which host answers at ${at}`,
        ],
      },
    )
  }
}
