/** How Ruby tells that a program broke off: where, why, what kind of error; then the way to it. */
const BROKE_OFF = /^\S+:\d+:in [`'].*?': (.+?) \([\w:]+\)$/m

/** The first paragraph up to its first full stop, and what stands behind the last 'Stderr:' or 'Error:' where there is one. */
export function firstSentence(text: string): string {
  const [, why] = BROKE_OFF.exec(text) ?? []
  if (why !== undefined) return why
  const flat =
    text
      .split(/\n\s*\n/)[0]
      ?.replace(/\s+/g, ' ')
      .trim() ?? ''
  const sentence = /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat
  const detail = /^\s*(?:Stderr|Error|Error message):\s*(\S.*(?:\n(?!\s*\n).+)*)/im
    .exec(text)?.[1]
    ?.replace(/\s+/g, ' ')
    .trim()
  const told = sentence.replace(/[.!:]$/, '')
  return detail ? `${told}: ${detail.slice(0, 300)}` : told
}
