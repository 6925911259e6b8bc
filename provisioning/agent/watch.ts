/** The watch as files on the host: the script, and the timer that runs it where there is systemd. */
import { HOST } from '../../agent/protocol.ts'

export { PLAN_LINES, type PlanFile, planFiles } from './plan-files.ts'
export { WATCH_SCRIPT } from './watch-script.ts'

/** Mode 0755. Where there is no systemd, a service of root's runs it with the word `loop`. */
export const WATCH_PATH = `${HOST.lib}/watch.sh`
export const WATCH_SERVICE_PATH = '/etc/systemd/system/machine-agent-watch.service'
export const WATCH_TIMER_PATH = '/etc/systemd/system/machine-agent-watch.timer'

export const watchService = `[Unit]
Description=Look whether what machine set up still stands

[Service]
Type=oneshot
ExecStart=/bin/sh ${WATCH_PATH}
TimeoutStartSec=50
# A line in the journal each minute would say nothing.
LogLevelMax=notice
Nice=10
`

export const watchTimer = `[Unit]
Description=Look each minute whether what machine set up still stands

[Timer]
OnActiveSec=5
OnUnitInactiveSec=60
AccuracySec=10

[Install]
WantedBy=timers.target
`
