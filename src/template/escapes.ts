/** html, js and urlquery: text made safe for where it goes. */
import { sprint } from './format.ts'
import type { TemplateFunction } from './functions.ts'

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\uFFFD',
}

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

const hex4 = (char: string) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

function escaping(call: (text: string) => string): TemplateFunction {
  return { min: 1, call: args => call(sprint(args.map(value => value ?? '<no value>'))) }
}

export const ESCAPES: Readonly<Record<string, TemplateFunction>> = {
  html: escaping(text => text.replace(/["'&<>\0]/g, char => HTML[char] ?? char)),
  js: escaping(text => text.replace(/[\\'"<>&=\0-\x1f]/g, char => JS[char] ?? hex4(char))),
  // Go's url.QueryEscape keeps fewer characters than encodeURIComponent.
  urlquery: escaping(text =>
    encodeURIComponent(text.toWellFormed())
      .replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+'),
  ),
}
