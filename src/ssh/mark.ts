/** Looks for the line by which a program says that its command starts (see `programOf`). */

/** The stderr behind the mark's line; undefined when there is none: the command never started. */
export function behindMark(stderr: string, mark: string): string | undefined {
  const line = markLine(mark).exec(stderr) // not just the mark: a sudo that refuses quotes the command, mark and all
  return line ? stderr.slice(line.index + line[0].length) : undefined
}

function markLine(mark: string): RegExp {
  return new RegExp(`^${mark} (\\d+)(\\n|$)`, 'm')
}

/** Takes stderr line by line: `onStart` gets the process id out of the mark's line, `onLine` what comes behind it. */
export function watchMark(
  mark: string,
  onStart: (pid: number) => void,
  onLine?: (line: string) => void,
): (line: string) => void {
  let started = false
  return line => {
    if (started) return onLine?.(line)
    const [, pid] = markLine(mark).exec(line) ?? []
    if (pid === undefined) return
    started = true
    onStart(Number(pid))
  }
}
