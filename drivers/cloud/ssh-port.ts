/** sshd on another port than 22, set up by cloud-init at the first boot. */

/**
 * Moves sshd to the port, also where systemd listens for it (Ubuntu) and where SELinux would refuse. It is written so
 * that it changes nothing on an image that has sshd there already.
 */
export function sshPortScript(port: number): string {
  return `#!/bin/sh
# machine: sshd listens on port ${port}
set -eu
if grep -Eqs '^[[:space:]]*Include[[:space:]]+/etc/ssh/sshd_config.d/' /etc/ssh/sshd_config; then
  mkdir -p /etc/ssh/sshd_config.d
  sed -i 's/^[[:space:]]*Port[[:space:]]/#&/' /etc/ssh/sshd_config
  echo 'Port ${port}' > /etc/ssh/sshd_config.d/00-machine-port.conf
else
  sed -i 's/^[[:space:]]*Port[[:space:]]/#&/' /etc/ssh/sshd_config
  sed -i '1i Port ${port}' /etc/ssh/sshd_config
fi
if command -v semanage > /dev/null 2>&1; then
  semanage port -a -t ssh_port_t -p tcp ${port} 2> /dev/null || :
fi
if command -v systemctl > /dev/null 2>&1; then
  systemctl daemon-reload
  if systemctl is-active --quiet ssh.socket; then
    systemctl stop ssh.service || :
    systemctl restart ssh.socket
  fi
  systemctl try-restart ssh.service sshd.service
else
  service sshd restart || service ssh restart
fi
`
}
