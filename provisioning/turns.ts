/**
 * Shell for what restarts the engine: sessions of two stores that manage one host take turns, and whoever comes second looks
 * whether it is done already. Without it they restart the engine under each other's eyes. Lines of POSIX sh.
 */

/** Exit code when the other session does not end. */
export const BUSY = 14

/** Waits for the turn, which ends with the shell; needs flock (util-linux, busybox), and goes on where there is none. */
export const TAKE_TURN = `
if command -v flock >/dev/null 2>&1 && [ -d /run ]; then
  exec 9>/run/machine-engine.lock; t=0
  until flock -n 9; do t=$((t + 1)); [ $t -lt 240 ] || exit ${BUSY}; sleep 1; done
fi
`

/** `port_open`: something listens on $PORT. */
export const PORT_OPEN = `
port_open() { h=$(printf %04X "$PORT"); cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ": [0-9A-F]*:$h [0-9A-F:]* 0A "; }
`
