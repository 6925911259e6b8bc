import { describe, expect, test } from '@jest/globals'
import { parseAddresses } from '../../../../drivers/vagrant/addresses.ts'
import { dockerEnv, vagrantEnv } from '../../../../drivers/vagrant/environment.ts'
import { parseSshConfig } from '../../../../drivers/vagrant/ssh-config.ts'
import { statusOf } from '../../../../drivers/vagrant/status.ts'
import { parseVersion } from '../../../../drivers/vagrant/version.ts'

describe('ssh-config', () => {
  test('as Vagrant prints it', () => {
    const text = `Host web
  HostName 127.0.0.1
  User vagrant
  Port 2200
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  PasswordAuthentication no
  IdentityFile "/home/me/my vms/.vagrant/machines/web/virtualbox/private_key"
  IdentityFile /home/me/.ssh/id_ed25519
  IdentitiesOnly yes
  LogLevel FATAL
`
    expect(parseSshConfig(text)).toEqual({
      host: '127.0.0.1',
      port: 2200,
      user: 'vagrant',
      keys: ['/home/me/my vms/.vagrant/machines/web/virtualbox/private_key', '/home/me/.ssh/id_ed25519'],
      proxied: false,
    })
    expect(parseSshConfig('Host web\r\n  HostName 172.17.0.2\r\n')).toEqual({
      host: '172.17.0.2',
      port: 22,
      user: 'vagrant',
      keys: [],
      proxied: false,
    })
    expect(parseSshConfig(`${text}  ProxyCommand nc %h %p\n`)?.proxied).toBe(true)
    expect(parseSshConfig('')).toBeUndefined()
  })
})

describe('addresses of the machine', () => {
  test('what leads outward, and bridges of its engine, are told apart', () => {
    const text = `machine-addr 2: eth0    inet 10.0.2.15/24 metric 100 brd 10.0.2.255 scope global dynamic eth0\\       valid_lft 86044sec
machine-addr 3: eth1    inet 192.168.56.4/24 brd 192.168.56.255 scope global eth1
machine-addr 4: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
machine-addr 9: br-5a3    inet 172.18.0.1/16 scope global br-5a3
machine-route default via 10.0.2.2 dev eth0 proto dhcp src 10.0.2.15 metric 100`
    expect(parseAddresses(text)).toEqual([
      { device: 'eth0', address: '10.0.2.15', outward: true },
      { device: 'eth1', address: '192.168.56.4', outward: false },
    ])
    expect(parseAddresses('Connection closed.')).toEqual([])
  })
})

describe('states', () => {
  test.each([
    ['running', 'Running'],
    ['poweroff', 'Stopped'],
    ['shutoff', 'Stopped'],
    ['off', 'Stopped'],
    ['Off', 'Stopped'],
    ['stopped', 'Stopped'],
    ['not_running', 'Stopped'],
    ['aborted', 'Stopped'],
    ['saved', 'Saved'],
    ['suspended', 'Saved'],
    ['paused', 'Paused'],
    ['saving', 'Stopping'],
    ['preparing', 'Starting'],
    ['gurumeditation', 'Error'],
    ['inaccessible', 'Error'],
    ['not_created', 'Not Found'],
    ['host_state_unknown', ''],
  ])('%s is %j', (word, status) => expect(statusOf(word, 'virtualbox')).toBe(status))

  test('words of libvirt of its own', () => {
    expect(statusOf('inaccessible', 'libvirt')).toBe('Starting') // it runs, and has no address yet
    expect(statusOf('shutting_down', 'libvirt')).toBe('Stopping')
  })
})

describe('environment', () => {
  const places = { cwd: '/m/vagrant', dotfile: '/m/vagrant/.vagrant' }
  const env = {
    PATH: '/bin',
    VAGRANT_CWD: '/elsewhere',
    VAGRANT_VAGRANTFILE: 'Other',
    VAGRANT_LOG: 'debug',
    VAGRANT_FORCE_COLOR: '1',
    VAGRANT_HOME: '/boxes',
    VAGRANT_DEFAULT_PROVIDER: 'libvirt',
    RUBYOPT: '-rdebug',
    GEM_HOME: '/gems',
    BUNDLE_GEMFILE: '/Gemfile',
    DOCKER_HOST: 'tcp://other:2376',
  }

  test('of a Vagrant of somebody else’s nothing stays but where its boxes are', () => {
    expect(vagrantEnv({ env }, places, {})).toEqual({
      PATH: '/bin',
      VAGRANT_HOME: '/boxes',
      VAGRANT_DEFAULT_PROVIDER: 'libvirt',
      DOCKER_HOST: 'tcp://other:2376',
      VAGRANT_CWD: '/m/vagrant',
      VAGRANT_DOTFILE_PATH: '/m/vagrant/.vagrant',
      VAGRANT_NO_COLOR: '1',
      VAGRANT_CHECKPOINT_DISABLE: '1',
      VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
      VAGRANT_DISABLE_VBOXSYMLINKCREATE: '1',
    })
  })

  test('the provider is the machine’s, and a container stays at the engine it was made in', () => {
    const own = vagrantEnv({ env }, places, { Provider: 'docker', DockerEnv: {}, Disks: true })
    expect(own).toMatchObject({ VAGRANT_DEFAULT_PROVIDER: 'docker', VAGRANT_EXPERIMENTAL: 'disks' })
    expect(own).not.toHaveProperty('DOCKER_HOST')
    expect(dockerEnv({ ...env, DOCKER_TLS_VERIFY: '' })).toEqual({ DOCKER_HOST: 'tcp://other:2376' })
  })
})

describe('version', () => {
  test('decides', () => {
    const { text, atLeast } = parseVersion('Vagrant 2.3.4\n')
    expect([text, atLeast(2, 3), atLeast(2, 4), atLeast(1, 9), atLeast(3, 0)]).toEqual([
      '2.3.4',
      true,
      false,
      true,
      false,
    ])
    expect(parseVersion('Vagrant 2.4.9').atLeast(2, 4)).toBe(true)
  })
})
