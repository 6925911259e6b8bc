/**
 * Shell that starts, reloads, stops and watches the agent; shared by the script that moves the engine off its port and by
 * the one that changes versions. Lines of POSIX sh; they want INIT, PORT and `await`, `port_open` of turns.ts.
 */
import { HOST } from '../../agent/protocol.ts'
import { AGENT_STALE, INIT_SCRIPT, LOG_FOLDER, SERVICE_UNIT, SOCKET_UNIT, WATCH_TIMER } from './paths.ts'

/** The port has to show the certificate that lies there, so that a reload is seen to be through. */
const HANDSHAKE = `const fs = require("fs"), { X509Certificate: X } = require("crypto");
const mine = new X(/-----BEGIN CERT[^]*/.exec(fs.readFileSync("${HOST.identity}", "latin1"))[0]).fingerprint256;
const s = require("tls").connect({ host: "127.0.0.1", port: +process.argv[1], rejectUnauthorized: false },
  () => process.exit(s.getPeerX509Certificate().fingerprint256 === mine ? 0 : 1)).on("error", () => process.exit(1));
setTimeout(() => process.exit(1), 3000)`

/**
 * `agent_use DIGEST`: `current` names it, in one rename. `agent_up DIGEST`: it runs and answers. `agent_start`, `agent_stop`
 * (and not at boot any more), `agent_boot`, `agent_restart`, `agent_reload`, `agent_log`.
 */
export const AGENT_CONTROL = `
A=${HOST.lib}; R=${HOST.running}
agent_current() { readlink $A/current 2>/dev/null | sed 's,^versions/,,'; }
agent_use() {
  [ "$(agent_current)" != "$1" ] || return 0
  touch $A/versions/$1; ln -sfn versions/$1 $A/.current || return 1
  mv -fT $A/.current $A/current 2>/dev/null || $A/versions/$1/node -e 'fs.renameSync("${HOST.lib}/.current", "${HOST.lib}/current")'
}
agent_runs() { grep -q "\\"digest\\": *\\"$1\\"" $R 2>/dev/null && p=$(sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p' $R) && kill -0 "$p" 2>/dev/null; }
agent_up() { agent_runs "$1" && port_open && "$A/versions/$1/node" -e '${HANDSHAKE}' "$PORT" >/dev/null 2>&1; }
agent_since=$(date +%s)
if [ $INIT = systemd ]; then
  agent_active() { systemctl is-active --quiet ${SERVICE_UNIT}; }
  agent_boot() { systemctl enable -q ${SOCKET_UNIT} ${SERVICE_UNIT} ${WATCH_TIMER}; }
  agent_start() {
    systemctl daemon-reload; systemctl reset-failed ${SOCKET_UNIT} ${SERVICE_UNIT} 2>/dev/null
    agent_boot && systemctl start --no-block ${WATCH_TIMER}; systemctl start ${SOCKET_UNIT} && systemctl start --no-block ${SERVICE_UNIT}
  }
  agent_stop() {
    systemctl disable -q ${SOCKET_UNIT} ${SERVICE_UNIT} ${WATCH_TIMER}
    systemctl stop ${WATCH_TIMER} ${SOCKET_UNIT} ${SERVICE_UNIT}; rm -f $R
  } 2>/dev/null
  agent_restart() {
    systemctl daemon-reload; rm -f $R
    port_open || systemctl stop ${SERVICE_UNIT} ${SOCKET_UNIT} # it has another port
    agent_start && systemctl restart --no-block ${SERVICE_UNIT}
  }
  agent_reload() { systemctl daemon-reload; systemctl start --no-block ${WATCH_TIMER}; systemctl reload ${SERVICE_UNIT}; }
  agent_log() { journalctl _SYSTEMD_UNIT=${SERVICE_UNIT} --since "@$agent_since" -o cat --no-pager -n 60 2>/dev/null | grep -v '^{' | tail -n 20; }
else
  agent_active() { ${INIT_SCRIPT} status >/dev/null 2>&1; }
  agent_boot() {
    if command -v rc-update >/dev/null; then rc-update \${1:-add} machine-agent default
    elif command -v update-rc.d >/dev/null; then update-rc.d machine-agent \${2:-defaults}
    else chkconfig machine-agent \${3:-on}; fi >/dev/null 2>&1
  }
  agent_start() { agent_boot; ${INIT_SCRIPT} start </dev/null >/dev/null 2>&1 9>&-; }
  agent_stop() { ${INIT_SCRIPT} stop </dev/null >/dev/null 2>&1 9>&-; agent_boot del disable off; rm -f $R; }
  agent_restart() { rm -f $R; ${INIT_SCRIPT} restart </dev/null >/dev/null 2>&1 9>&-; agent_boot; }
  agent_reload() { ${INIT_SCRIPT} reload >/dev/null 2>&1; }
  agent_log() { grep -v '^{' ${LOG_FOLDER}/agent.log 2>/dev/null | tail -n 20; }
fi
agent_await() { t=0; until agent_up "$1"; do t=$((t + 1)); [ $t -lt \${2:-75} ] || return 1; sleep 0.2 2>/dev/null || sleep 1; done; rm -f ${AGENT_STALE}; }
`

/** The two newest versions stay, and the runtimes they use. */
export const AGENT_PRUNE = `
agent_prune() {
  n=0
  for v in $(agent_current) $(ls -t $A/versions); do
    case " $kept " in *" $v "*) continue ;; esac
    n=$((n + 1))
    if [ $n -le 2 ]; then kept="$kept $v"; else rm -rf "$A/versions/$v"; fi
  done
  for d in $A/node/*; do
    [ -d "$d" ] || continue
    used=; for v in $A/versions/*/node; do case $(readlink "$v") in "$d"/*) used=yes ;; esac; done
    [ -n "$used" ] || rm -rf "$d"
  done
}
kept=
`
