/** Writing a file on a host whole: a name of its own beside it first, counted, then renamed over it. */
import { MachineError } from '../errors.ts'
import type { RunResult } from './host.ts'
import { lastLines } from './output.ts'
import { type Cmd, sh } from './quote.ts'

/** The command; it takes `bytes` bytes from stdin and removes what it wrote if they are not all there. */
export function uploadCommand(path: string, bytes: number, mode: number): Cmd {
  return sh`p=${path}; n=$p.new.$$; export LC_ALL=C; umask 077
trap 'rm -f "$n"; exit 1' HUP INT TERM
if [ -d "$p" ]; then echo "$p is a folder" >&2; exit 1; fi
cat > "$n" &&
  { [ "$(wc -c < "$n")" -eq ${bytes} ] || { echo "cut short" >&2; false; }; } &&
  chmod ${mode.toString(8)} "$n" && mv -f "$n" "$p" || { c=$?; rm -f "$n"; exit "$c"; }`
}

/** Why an upload failed, for people. */
export function uploadError(path: string, at: string, { stderr, code }: RunResult): MachineError {
  const why = lastLines(stderr, 2) || `exit code ${code}`
  if (/no space left|quota exceeded/i.test(stderr)) {
    return new MachineError('REMOTE_DISK_FULL', `the disk of ${at} is full: ${path} could not be written`, {
      hints: ['see what fills it: `df -h` and `docker system df` there'],
    })
  }
  return new MachineError('REMOTE_FAILED', `${path} could not be written on ${at}: ${why}`)
}

/** Time an upload may take: ten minutes, and more where 50 kB/s would need it. */
export function uploadTimeoutMs(bytes: number): number {
  return 600_000 + bytes / 50
}
