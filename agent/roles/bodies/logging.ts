/** Where a container's output goes: other drivers than these carry it to addresses and sockets of the host's side. */
import { any, fields, type Judge, map, oneOf, text } from '../judge.ts'

const DRIVERS = ['', 'json-file', 'local', 'journald', 'none']
const OPTIONS = [
  ...['max-size', 'max-file', 'compress', 'mode', 'max-buffer-size'],
  ...['labels', 'labels-regex', 'env', 'env-regex', 'tag'],
]

const driver = oneOf(DRIVERS, 'use log drivers other than json-file, local, journald and none')
const options = map(text(key => (OPTIONS.includes(key) ? undefined : 'set this option of a log driver')))

export const logConfig: Judge = fields({ Type: driver, Config: options })

/** The same in a service. */
export const logDriver: Judge = fields({ Name: driver, Options: options })

export const sysctls: Judge = map(
  text(key => (isNamespaced(key) ? undefined : 'set kernel parameters of the whole host')),
  any,
)

/** Those a container has of its own: since it cannot have the host's namespaces, that is where they go. */
function isNamespaced(key: string): boolean {
  return (
    /^(?:net|fs\.mqueue)\.[\w.-]+$/.test(key) ||
    /^kernel\.(?:msg(?:max|mnb|mni)|sem|shm(?:all|max|mni|_rmid_forced))$/.test(key)
  )
}
