/** The agent under systemd: a socket that outlives it, and a service with the least rights that work. Pure. */
import { HOST } from '../../agent/protocol.ts'
import type { Facts } from '../facts.ts'
import { NODE, PROGRAM, SERVICE_UNIT, SOCKET_UNIT } from './paths.ts'

/** Flags of Node wherever the agent is started: a heap that stays well under MemoryMax. */
export const NODE_FLAGS = ['--max-old-space-size=192', '--max-semi-space-size=1'] as const

/**
 * A bare port number is both families in one socket, and IPv4 alone where the kernel has no IPv6. Whoever connects while
 * the agent starts anew waits in the backlog and is not refused. A client whose network is gone is noticed after two
 * minutes; the kernel's own time for that is two hours.
 */
export function socketUnit(port: number): string {
  return `# Rewritten by \`machine provision\`.
[Unit]
Description=Port of the Docker engine, for the engine agent

[Socket]
ListenStream=${port}
BindIPv6Only=both
Backlog=4096
NoDelay=true
KeepAlive=true
KeepAliveTimeSec=60
KeepAliveIntervalSec=15
KeepAliveProbes=4
Service=${SERVICE_UNIT}

[Install]
WantedBy=sockets.target
`
}

/**
 * The engine is wanted and not required: the agent tells of an engine that is down. It never gives up (StartLimit…=0). V8
 * writes code into memory, so MemoryDenyWriteExecute cannot be.
 */
export function serviceUnit({ dataRoot }: Pick<Facts, 'dataRoot'>): string {
  const home = /^\/(home|root|run\/user)\//.test(`${dataRoot}/`) ? 'read-only' : 'yes' // its disk is watched
  return `# Rewritten by \`machine provision\`.
[Unit]
Description=Engine agent: mutual TLS in front of the Docker engine
Requires=${SOCKET_UNIT}
After=${SOCKET_UNIT} docker.service
Wants=docker.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
ExecStart=${NODE} ${NODE_FLAGS.join(' ')} ${PROGRAM}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=200ms
TimeoutStartSec=20
TimeoutStopSec=10
User=${HOST.user}
SupplementaryGroups=docker
Environment=MALLOC_ARENA_MAX=1
SyslogIdentifier=machine-agent
UMask=0077
RuntimeDirectory=machine-agent
RuntimeDirectoryPreserve=yes
StateDirectory=machine-agent
StateDirectoryMode=0700
MemoryMax=512M
TasksMax=128
LimitNOFILE=65536
LimitCORE=0
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=${home}
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
PrivateDevices=yes
PrivateTmp=yes
RemoveIPC=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`
}
