import { script } from '../../src/ssh/quote.ts'

/** Printed when a host did not shut down in time and was killed. */
export const FORCED = 'machine: killed after 30 s'

/**
 * Shuts down in order: systemd-nspawn, told to end, sends the host's init its "power off". An init that is not systemd
 * does not know that signal, so its own poweroff is run. 30 s, as long as a person waits; then the plug.
 */
export const STOP = script(`lock || exit 1
if alive; then
  init=$(inits); init=\${init%% *}
  if [ "$(cat "/proc/$init/comm" 2>/dev/null)" = systemd ]; then kill -TERM "$pid"
  else nsenter -t "$init" -a /sbin/poweroff >/dev/null 2>&1 || kill -TERM "$pid"; fi
  for i in $(seq 300); do alive || break; sleep 0.1; done
  if alive; then echo "${FORCED}"; fi
fi
end_all && settle`)

/** Pulls the plug. */
export const KILL = script('lock || exit 1\nend_all && settle')

/**
 * Removes the host's folder. Nothing below may still be mounted, and no other file system is ever entered.
 */
export const ERASE = script(`if [ -d "$dir" ]; then
  lock || exit 1
  end_all || exit 1
  settle
  sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \\([^ ]*\\) .*/\\1/p' /proc/self/mountinfo | grep -F "$dir/" | sort -r | while read -r m; do umount -l "$m"; done
  # Files that somebody made immutable are rare, and to look for them takes as long again.
  rm -rf --one-file-system "$dir" 2>/dev/null || { chattr -R -i "$dir" 2>/dev/null; rm -rf --one-file-system "$dir" || exit 1; }
else
  end_all && settle
fi`)
