/** The part of facts-script.ts that reads the engine agent: what of it is there and in force. */
import { HOST } from '../../agent/protocol.ts'
import { AGENT_STALE } from './paths.ts'

/** Lines of POSIX sh; they use the words facts-script.ts defines. */
export const AGENT_FACTS = `
A=${HOST.lib}
word agent-state "$(stat -c '%a %U' ${HOST.state} 2>/dev/null)"
id ${HOST.user} >/dev/null 2>&1 && word agent-user "$(id -nG ${HOST.user})"
for v in $(ls -t $A/versions 2>/dev/null); do
  d=$A/versions/$v
  [ -s $d/agent.cjs ] && [ -x $d/node ] && [ "$(sha256sum <$d/agent.cjs | cut -c1-16)" = "$v" ] && word agent-version "$v"
done
[ -L $A/current ] && word agent-current "$(readlink $A/current)"
for f in /etc/machine-agent/* /etc/systemd/system/machine-agent*.* /etc/init.d/machine-agent $A/*.sh; do
  [ -f "$f" ] && put "agent-file $f" <"$f"
done
u=$(cd /etc/systemd/system 2>/dev/null && ls -d machine-agent*.service machine-agent*.socket machine-agent*.timer 2>/dev/null)
if [ $init = systemd ]; then
  [ -n "$u" ] && systemctl show $u -p Id,ActiveState,UnitFileState,NeedDaemonReload 2>/dev/null | put agent-units
elif [ -e /etc/runlevels/default/machine-agent ]; then word agent-enabled yes
else for f in /etc/rc[2345].d/S[0-9]*machine-agent; do [ -e "$f" ] && { word agent-enabled yes; break; }; done; fi
if [ -f ${HOST.running} ]; then
  p=$(sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p' ${HOST.running})
  [ -n "$p" ] && kill -0 "$p" 2>/dev/null && put agent-running <${HOST.running}
fi
[ -e ${AGENT_STALE} ] && word agent-stale "$(cat ${AGENT_STALE})"
k=${HOST.identity}
if [ -s $k ]; then
  word agent-key-mode "$(stat -c '%a %U' $k 2>/dev/null)"
  sed -n '/BEGIN CERT/,/END CERT/p' $k | put agent-cert
  if has openssl; then openssl pkey -in $k -pubout </dev/null 2>/dev/null | put agent-public-key
  elif has ssh-keygen; then ssh-keygen -e -m PKCS8 -P '' -f $k </dev/null 2>/dev/null | put agent-public-key; fi
fi
file agent-ca ${HOST.ca}
file agent-revoked ${HOST.revoked}
`
