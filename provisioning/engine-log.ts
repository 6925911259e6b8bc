/** The sentence of a log that says why. */

/** What systemd adds around the engine's own words. */
const SERVICE_MANAGER =
  /^(docker\.(service|socket)\b|(Started|Starting|Stopping|Stopped|Failed to start|Closed|Listening on) |See .* for (details|more)|Job for )/

/** The last complaint of dockerd (or of a package tool) in its own words, on one line of at most 400 characters. */
export function lastWords(log: string): string {
  const lines = log
    .split('\n')
    .map(line => plain(line.replace(/\p{Cc}+/gu, ' '))) // the host chose its letters, and a terminal will show them
    .filter(line => line && !SERVICE_MANAGER.test(line))
  const telling = lines.findLast(line =>
    /failed to start daemon|unable to configure|unknown flag|invalid|level=fatal|^E: /i.test(line),
  )
  const error = telling ?? lines.findLast(line => /error|fail|refused|denied|no space/i.test(line)) ?? lines.at(-1)
  return (error ?? 'it left no word in its log').slice(0, 400)
}

/** logrus' key=value line as its message. */
function plain(line: string): string {
  const message = /\bmsg="((?:\\.|[^"\\])*)"/.exec(line)?.[1]?.replace(/\\(["\\])/g, '$1')
  const error = /\berror="((?:\\.|[^"\\])*)"/.exec(line)?.[1]?.replace(/\\(["\\])/g, '$1')
  return (message === undefined ? line.replace(/^Status: /, '') : error ? `${message}: ${error}` : message).trim()
}

/** Whether a tool's words mean that the disk is full. */
export function diskFull(text: string): boolean {
  return /no space left on device|disk quota exceeded|(not |n't have )enough (free )?(disk )?space|write error: no space/i.test(
    text,
  )
}
