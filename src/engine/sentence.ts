/** The message engines and agents send with an error. */

/** On one line and without what a terminal would take for a command; '' where the body is not of that kind. */
export function sentenceOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown }
    return typeof message === 'string' ? message.replace(/[\s\p{Cc}]+/gu, ' ').trim() : ''
  } catch {
    return '' // no engine's words
  }
}
