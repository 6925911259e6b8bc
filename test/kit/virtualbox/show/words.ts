/** Human texts, and some of them in German: whoever reads them instead of the machine-readable ones finds out. */
import type { VmState } from '../world.ts'

export type Words = (text: string) => string

export const STATE_NAMES: Readonly<Record<VmState, string>> = {
  poweroff: 'powered off',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  saving: 'saving',
  saved: 'saved',
  restoring: 'restoring',
  stopping: 'stopping',
  aborted: 'aborted',
}

const GERMAN: Readonly<Record<string, string>> = {
  'Name:': 'Name:',
  'State:': 'Zustand:',
  since: 'seit',
  running: 'läuft',
  'powered off': 'ausgeschaltet',
  paused: 'pausiert',
  saved: 'gesichert',
  aborted: 'abgebrochen',
  disabled: 'deaktiviert',
  'Memory size:': 'Speichergröße:',
  'Storage Controllers:': 'Massenspeicher-Controller:',
  'IPAddress:': 'IP-Adresse:',
  'NetworkMask:': 'Netzmaske:',
  'HardwareAddress:': 'Hardwareadresse:',
  'Status:': 'Status:',
  'NetworkName:': 'Netzwerkname:',
  'Enabled:': 'Aktiviert:',
  Yes: 'Ja',
  No: 'Nein',
  Enabled: 'Aktiviert',
  Disabled: 'Deaktiviert',
  'Capacity:': 'Kapazität:',
  'Location:': 'Ort:',
  'State: ': 'Zustand:',
}

const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [
    /Could not find a registered machine named '(.*)'/g,
    "Es konnte keine registrierte virtuelle Maschine mit dem Namen '$1' gefunden werden",
  ],
  [/Interface '(.*)' was successfully created/g, "Schnittstelle '$1' wurde erfolgreich erstellt"],
  [
    /The machine '(.*)' is already locked for a session \(or being unlocked\)/g,
    "Die Maschine '$1' ist bereits für eine Sitzung gesperrt",
  ],
  [/VM "(.*)" has been successfully started\./g, 'VM "$1" wurde erfolgreich gestartet.'],
  [
    /Cannot unregister the machine '(.*)' while it is locked/g,
    "Die gesperrte Maschine '$1' kann nicht ausgetragen werden",
  ],
]

export const wordsIn = (locale: 'en' | 'de'): Words => (locale === 'de' ? text => GERMAN[text] ?? text : text => text)

/** Whole texts that were made in English. */
export const translate = (text: string, locale: 'en' | 'de'): string =>
  locale === 'de' ? SENTENCES.reduce((sum, [from, to]) => sum.replace(from, to), text) : text

/** The computer's language, unless the caller's environment asks for another one; that counts nowhere but with Unix. */
export function localeOf(usual: 'en' | 'de', platform: string, env: Readonly<Record<string, string>>): 'en' | 'de' {
  const asked = platform === 'windows' ? '' : (env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '')
  if (/^(C|POSIX|en)/.test(asked)) return 'en'
  return /^de/.test(asked) ? 'de' : usual
}

/** Whether it can read these words: with Unix those that are not ASCII, only where the caller's locale is one of UTF-8. */
export function canRead(argv: readonly string[], platform: string, env: Readonly<Record<string, string>>): boolean {
  if (platform !== 'linux' || /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')) return true
  return argv.every(word => /^[\0-\x7f]*$/.test(word))
}
