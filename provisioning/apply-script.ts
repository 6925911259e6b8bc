/**
 * Puts the engine's files in place as one transaction on the host: staged, judged by dockerd itself where it can, the
 * old ones kept, engine restarted or reloaded, and everything put back if it does not come up. It goes on to its end
 * when the session that started it is lost. Two of them, from two stores that manage the host, take turns; the second finds
 * its work done when both wanted the same. Where the engine hands its port over to the agent, or takes it back (FRONT), both
 * happen in here, so that the port is without a listener no longer than the engine restarts. stdin: a line a file, 'put MODE PATH BASE64', 'take MODE PATH FILE' (a file that
 * was made on the host) or 'drop 0 PATH -'.
 * Exit codes are APPLY below; what dockerd said is on stdout.
 */
import { all, type Cmd, script, sh } from '../src/ssh/quote.ts'
import { AGENT_CONTROL } from './agent/control.ts'
import type { Init } from './facts.ts'
import { BUSY, PORT_OPEN, TAKE_TURN } from './turns.ts'

export const APPLY = {
  done: 0,
  staging: 10,
  refused: 11,
  rolledBack: 12,
  down: 13,
  busy: BUSY,
  agentNotUp: 15,
} as const

const BODY = `
set -u; umask 077; trap '' HUP PIPE
T=/etc/docker/.machine-rollback
dir() { [ -d "$1" ] || (umask 022; mkdir -p "$1"); }
# Not every shell says why a write failed.
cannot() { [ "$(df -Pk /etc/docker | awk 'END { print $4 }')" -gt 8 ] || echo 'No space left on device'; rm -rf $T; exit 10; }
${TAKE_TURN}dir /etc/docker && rm -rf $T && mkdir -p $T/new $T/old || cannot
n=0
while read -r verb mode path body; do
  n=$((n + 1)); echo "$path" >$T/path.$n || cannot
  case $verb in
  put) printf %s "$body" | base64 -d >$T/new/$n || cannot ;;
  take) cat <"$body" >$T/new/$n || cannot ;;
  *) : >$T/new/$n.gone; continue ;;
  esac
  chmod "$mode" $T/new/$n || cannot
done
list() { i=0; while [ $i -lt $n ]; do i=$((i + 1)); p=$(cat $T/path.$i); "$@" || return 1; done; }
same() { if [ -e $T/new/$i.gone ]; then [ ! -e "$p" ]; else cmp -s $T/new/$i "$p"; fi; }
loaded() { [ $INIT != systemd ] || [ "$(systemctl show -p NeedDaemonReload docker.service)" = NeedDaemonReload=no ]; }
${PORT_OPEN}await() { t=0; until "$@"; do t=$((t + 1)); [ $t -lt 100 ] || return 1; sleep 0.2 2>/dev/null || sleep 1; done; }
${AGENT_CONTROL}
# The port is as it shall be: the agent's, or the engine's.
fronted() { case $FRONT in on) agent_up $AGENT ;; off) ! agent_active ;; *) : ;; esac; }
if [ ! -e /run/machine-engine.stale ] && list same && loaded && fronted; then rm -rf $T; exit 0; fi
if [ "$VALIDATE" = yes ]; then
  c=/dev/null; pick() { [ "$p" != "$CONFIG" ] || [ ! -f $T/new/$i ] || c=$T/new/$i; }; list pick
  [ $c != /dev/null ] || [ ! -f "$CONFIG" ] || c=$CONFIG
  [ $c != /dev/null ] || { c=$T/empty; echo '{}' >$c; }
  "$DOCKERD" --validate --config-file="$c" "$@" >$T/said 2>&1 || { cat $T/said; rm -rf $T; exit 11; }
fi
: >/run/machine-engine.stale
keep() { if [ -e "$p" ]; then cp -p "$p" $T/old/$i; else : >$T/old/$i.gone; fi; }
list keep || cannot
if [ "$FIRST" = yes ] && [ -f "$CONFIG" ] && [ ! -e "$CONFIG.before-machine" ]; then
  cp -p "$CONFIG" "$CONFIG.before-machine" || cannot
fi
set_from() { # $1: new or old
  if [ -e $T/$1/$i.gone ]; then rm -f "$p"; return 0; fi
  dir "\${p%/*}" && cp -p $T/$1/$i "$p.machine-new" && mv -f "$p.machine-new" "$p"
}
since=$(date +%s)
case $INIT in
systemd)
  start() { systemctl daemon-reload; systemctl reset-failed docker.service docker.socket 2>/dev/null; timeout 180 systemctl restart docker.service; }
  hup() { systemctl kill -s HUP --kill-who=main docker.service; }
  up() { systemctl is-active --quiet docker.service; }
  log() { journalctl -u docker.service --since "@$since" -o cat --no-pager -n 60 2>/dev/null; }
  ;;
*)
  start() { if command -v rc-service >/dev/null; then rc-service docker restart; else service docker restart; fi </dev/null >/dev/null 2>&1 9>&-; await up; }
  hup() { kill -HUP "$(cat /run/docker.pid /var/run/docker.pid 2>/dev/null | head -n 1)"; }
  up() { grep -q ' 00010000 .*/run/docker\\.sock$' /proc/net/unix; }
  log() { tail -n 60 /var/log/docker.log 2>/dev/null; }
  ;;
esac
listens() { [ -n "$AGENT" ] || await port_open; }
failed=12
if list set_from new; then
  [ $FRONT != off ] || agent_stop
  if [ "$ACTION" = reload ]; then
    hup && up && { rm -rf $T /run/machine-engine.stale; exit 0; }
  elif start >$T/said 2>&1 && up && listens; then
    [ $FRONT = on ] || { rm -rf $T /run/machine-engine.stale; exit 0; }
    agent_use $AGENT && agent_start && agent_await $AGENT && { rm -rf $T /run/machine-engine.stale; exit 0; }
    failed=15; agent_log; agent_stop
  fi
else
  list set_from old; cannot
fi
[ $failed = 15 ] || log
list set_from old || { echo 'the old files could not be put back'; exit 13; }
if start >/dev/null 2>&1 && up; then
  [ $FRONT != off ] || agent_start
  rm -rf $T /run/machine-engine.stale; exit $failed
fi
rm -rf $T; exit 13
`

export interface Apply {
  readonly init: Init
  readonly port: number
  readonly configPath: string
  readonly dockerd: string
  /** Ask dockerd beforehand (23 and later can). */
  readonly validate: boolean
  readonly words: readonly string[]
  readonly action: 'reload' | 'restart'
  /** Keep daemon.json beside: it is still the one from before machine. */
  readonly first: boolean
  /** Digest of the agent that has the port; absent: the engine has it itself. */
  readonly agent?: string | undefined
  /** Whether the port goes over to the agent ('on') or back to the engine ('off') with this. */
  readonly front?: 'on' | 'off' | undefined
}

/** The command; run it as root with `applyInput` on stdin, and expect APPLY's exit codes. */
export function applyCommand(a: Apply): Cmd {
  const flags = { validate: a.validate ? 'yes' : 'no', first: a.first ? 'yes' : 'no' }
  const set = sh`INIT=${a.init} PORT=${a.port} CONFIG=${a.configPath} DOCKERD=${a.dockerd} ACTION=${a.action}`
  const more = sh`VALIDATE=${flags.validate} FIRST=${flags.first}; set -- ${a.words}`
  const front = sh`AGENT=${a.agent ?? ''} FRONT=${a.front ?? 'as-is'}`
  return all(set, front, more, script(BODY.trimStart()))
}

/** A file to put in place: its text, or where it lies on the host; neither: it is taken away. Paths without spaces. */
export interface ApplyFile {
  readonly path: string
  readonly mode: number
  readonly text?: string
  readonly from?: string
}

/** The files as the script reads them. */
export function applyInput(files: readonly ApplyFile[]): string {
  const line = ({ path, text, from, mode }: ApplyFile) => {
    if (from !== undefined) return `take ${mode.toString(8)} ${path} ${from}`
    if (text === undefined) return `drop 0 ${path} -`
    return `put ${mode.toString(8)} ${path} ${Buffer.from(text).toString('base64')}`
  }
  return files.map(file => `${line(file)}\n`).join('')
}
