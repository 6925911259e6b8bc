/** What agent-roles.test.ts tries: calls of the docker client and what is said to them, and requests as they are sent. */

export const READS_REFUSED: [string, string][] = [
  ['GET', '/containers/web/archive?path=/etc/passwd'],
  ['GET', '/containers/web/export'],
  ['GET', '/containers/web/attach/ws?stdin=1'],
  ['GET', '/containers/web/top?ps_args=eww'],
  ['GET', '/images/busybox/get'],
  ['GET', '/images/get?names=busybox'],
  ['GET', '/events?until=1'],
  ['GET', '/swarm'],
  ['GET', '/swarm/unlockkey'],
  ['GET', '/secrets'],
  ['GET', '/configs'],
  ['GET', '/distribution/busybox/json'],
  ['POST', '/grpc'],
  ['GET', '/debug/vars'],
]

export const OTHER_SPELLINGS = [
  '/v1.45/../containers/create',
  '//containers/create',
  '/v1.45/%63ontainers/create',
  '/v1.45/v1.45/containers/create',
  '/containers/./create',
  '/containers/json/../create',
  '/containers/create?x=/json',
  '/containers/create#/json',
  '/images/json/../../containers/create',
  'http://x/containers/create',
]

export const VIEWER_CALLS: [string, string][] = [
  ['run --rm busybox true', 'viewers may not POST /v1.45/containers/create: they may only read'],
  ['exec web true', 'viewers may not POST /v1.45/containers/web/exec: they may only read'],
  ['cp web:/etc/passwd -', 'it hands out contents of files, images, secrets or configs'],
  ['rm -f web', 'viewers may not DELETE /v1.45/containers/web: they may only read'],
  ['stop web', 'viewers may not POST /v1.45/containers/web/stop: they may only read'],
  ['volume rm kept', 'viewers may not DELETE /v1.45/volumes/kept: they may only read'],
  [
    'events --until 1s',
    'viewers may not GET /v1.45/events: events tell the command lines of what is run in containers',
  ],
  ['save busybox', 'it hands out contents of files, images, secrets or configs'],
  ['pull busybox', 'viewers may not POST /v1.45/images/create: they may only read'],
  // The docker client shows of a stream that is refused the status alone.
  ['attach web', 'unable to upgrade to tcp, received 403'],
]

export const OPERATOR_CALLS: [string, string][] = [
  ['run --privileged busybox', 'operators may not make privileged containers (HostConfig.Privileged)'],
  ['run --device /dev/null busybox', 'operators may not give containers devices of the host (HostConfig.Devices)'],
  ['run --cap-add NET_ADMIN busybox', 'operators may not add capabilities to containers (HostConfig.CapAdd)'],
  [
    'run -v /etc:/x busybox',
    'operators may not mount /etc of the host, whatever the configuration says (HostConfig.Binds[0])',
  ],
  ['run -v /var/run/docker.sock:/s busybox', 'operators may not mount /var/run/docker.sock of the host'],
  [
    'run --pid host busybox',
    'operators may not share namespaces with the host or with other containers (HostConfig.PidMode)',
  ],
  [
    'run --ipc host busybox',
    'operators may not share namespaces with the host or with other containers (HostConfig.IpcMode)',
  ],
  [
    'run --userns host busybox',
    'operators may not share namespaces with the host or with other containers (HostConfig.UsernsMode)',
  ],
  ['run --network host busybox', "operators may not use the host's network (HostConfig.NetworkMode)"],
  [
    'run --security-opt seccomp=unconfined busybox',
    'operators may not set security options other than no-new-privileges (HostConfig.SecurityOpt[0])',
  ],
  [
    'run --volumes-from web busybox',
    'operators may not take over the mounts of other containers, which may be of the host (HostConfig.VolumesFrom)',
  ],
  [
    'run --cgroup-parent /x busybox',
    'operators may not choose the control group containers run in (HostConfig.CgroupParent)',
  ],
  ['exec --privileged web true', 'operators may not run privileged commands (Privileged)'],
  [
    'volume create -o type=none -o o=bind -o device=/etc v',
    'operators may not give a volume options, which can mount anything of the host',
  ],
  [
    'swarm init',
    'operators may not POST /v1.45/swarm/init: changes of the swarm, its nodes, secrets, configs and volumes are for admins only',
  ],
  ['plugin install x', 'operators may not GET /v1.45/plugins/privileges: plug-ins are for admins only'],
  [
    'build .',
    "operators may not POST /v1.45/build: a build may ask for more than an operator may have, out of the agent's sight",
  ],
]
