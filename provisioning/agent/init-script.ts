/**
 * The agent where there is no systemd: it supervises itself (`agent.cjs supervise`), started by OpenRC or by init's
 * scripts. Its pid file lies where only root writes. Pure.
 */
import { HOST } from '../../agent/protocol.ts'
import type { Init } from '../facts.ts'
import { LOG_FOLDER, NODE, PROGRAM } from './paths.ts'
import { NODE_FLAGS } from './units.ts'
import { WATCH_PATH } from './watch.ts'

const PIDFILE = '/run/machine-agent.pid'
const WATCH_PIDFILE = '/run/machine-agent-watch.pid'
const ARGUMENTS = `${NODE_FLAGS.join(' ')} ${PROGRAM} supervise`
const FOLDERS = `mkdir -p /run/machine-agent ${LOG_FOLDER} && chown ${HOST.user} /run/machine-agent ${LOG_FOLDER} && chmod 755 /run/machine-agent && chmod 700 ${LOG_FOLDER}`

export function initScript(init: Init): string {
  return init === 'openrc' ? OPENRC : SYSVINIT
}

const OPENRC = `#!/sbin/openrc-run
# Rewritten by \`machine provision\`.
description="Engine agent: mutual TLS in front of the Docker engine"
command=${NODE}
command_args="${ARGUMENTS}"
command_user=${HOST.user}
command_background=yes
pidfile=${PIDFILE}
output_log=${LOG_FOLDER}/agent.log
error_log=${LOG_FOLDER}/agent.log
rc_ulimit="-n 65536"
extra_started_commands=reload

depend() {
	use docker net
	after docker
}

start_pre() {
	${FOLDERS}
}

start_post() {
	start-stop-daemon --start --background --make-pidfile --pidfile ${WATCH_PIDFILE} --exec /bin/sh -- ${WATCH_PATH} loop
}

stop_post() {
	start-stop-daemon --stop --pidfile ${WATCH_PIDFILE}
}

reload() {
	ebegin "Reloading the engine agent"
	start-stop-daemon --signal HUP --pidfile ${PIDFILE}
	eend $?
}
`

const SYSVINIT = `#!/bin/sh
# Rewritten by \`machine provision\`.
### BEGIN INIT INFO
# Provides:          machine-agent
# Required-Start:    $remote_fs $network
# Required-Stop:     $remote_fs $network
# Should-Start:      docker
# Should-Stop:       docker
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Engine agent: mutual TLS in front of the Docker engine
### END INIT INFO
PATH=/usr/sbin:/usr/bin:/sbin:/bin
running() { p=$(cat ${PIDFILE} 2>/dev/null) && [ -n "$p" ] && kill -0 "$p" 2>/dev/null; }
start() {
  running && return 0
  ${FOLDERS} || return 1
  ulimit -n 65536 2>/dev/null
  cd / || return 1
  if command -v start-stop-daemon >/dev/null 2>&1; then
    start-stop-daemon --start --background --make-pidfile --pidfile ${PIDFILE} --chuid ${HOST.user} --startas /bin/sh -- \\
      -c 'exec ${NODE} ${ARGUMENTS} >>${LOG_FOLDER}/agent.log 2>&1'
  else
    setsid su -s /bin/sh ${HOST.user} -c 'exec ${NODE} ${ARGUMENTS} >>${LOG_FOLDER}/agent.log 2>&1' </dev/null >/dev/null 2>&1 &
    echo $! >${PIDFILE}
  fi
  setsid sh ${WATCH_PATH} loop </dev/null >/dev/null 2>&1 &
  echo $! >${WATCH_PIDFILE}
}
stop() {
  w=$(cat ${WATCH_PIDFILE} 2>/dev/null) && [ -n "$w" ] && { kill -- "-$w" || kill "$w"; } 2>/dev/null
  rm -f ${WATCH_PIDFILE}
  running || { rm -f ${PIDFILE}; return 0; }
  kill "$p"; t=0
  while kill -0 "$p" 2>/dev/null; do t=$((t + 1)); [ $t -lt 100 ] || { kill -9 "$p"; break; }; sleep 0.1 2>/dev/null || sleep 1; done
  rm -f ${PIDFILE}
}
case $1 in
start) start ;;
stop) stop ;;
restart|force-reload) stop; start ;;
reload) running && kill -HUP "$p" ;;
status) if running; then echo "machine-agent runs"; else echo "machine-agent does not run"; exit 3; fi ;;
*) echo "usage: $0 start|stop|restart|reload|status" >&2; exit 2 ;;
esac
`
