/** Looks for programs tests need. What is absent makes a test skip aloud: its name then carries the reason. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from '@jest/globals'

/** The program's path, looked for on PATH and where Debian keeps administrators' programs. */
export function which(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map(folder => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `test`, or a skip that names what is missing: `needs('fish')('title', …)`. */
export function needs(...programs: string[]) {
  const missing = programs.filter(p => which(p) === undefined)
  return (title: string, body: () => Promise<void> | void, timeoutMs?: number) =>
    missing.length > 0 ? test.skip(`${title} [needs ${missing.join(', ')}]`, () => {}) : test(title, body, timeoutMs)
}
