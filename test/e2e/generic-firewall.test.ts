/** Hosts with a firewall of their own: the engine's port is opened for good, and said so. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { startHost, type TestHost, whyNoHosts } from '../hosts/host.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { provisioned } from '../kit/generic.ts'

jest.setTimeout(400_000)
const why = await whyNoHosts()

const NFTABLES = `table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iif lo accept
    tcp dport 22 accept
  }
}
`

describe('generic behind the firewall of the host', () => {
  if (why) {
    test.skip(`[${why}]`, () => {})
    return
  }
  let host: TestHost
  let home: Home
  beforeAll(async () => {
    host = await startHost({ packages: ['firewalld', 'ufw', 'nftables'] })
    home = await startHome()
    // One at a time: Debian starts each of them when its package is installed.
    await host.exec('systemctl disable --now nftables ufw; systemctl enable --now firewalld')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await host?.[Symbol.asyncDispose]()
  })
  const serverOs = () => home.docker('box', 'version', '--format', '{{.Server.Os}}')

  test('firewalld: opened now and for the next boot', async () => {
    const made = await home.cli('create', '-d', 'generic', ...host.flags, 'box')
    expect(made).toMatchObject({ code: 0 })
    expect(made.stderr).toContain("opened TCP port 2376 in the host's firewalld firewall")
    expect(await serverOs()).toMatchObject({ code: 0, stdout: 'linux\n' })
    expect(await host.exec('firewall-cmd --list-ports; firewall-cmd --permanent --list-ports')).toBe(
      '2376/tcp\n2376/tcp',
    )
    expect(await provisioned(home, 'box')).toEqual([])
    await host.exec('firewall-cmd --reload')
    expect(await serverOs()).toMatchObject({ code: 0 })
  })

  test('firewalld: a port somebody closed again is opened by provision', async () => {
    await host.exec('firewall-cmd --permanent --remove-port=2376/tcp; firewall-cmd --remove-port=2376/tcp')
    expect(await provisioned(home, 'box')).toEqual(['firewall'])
    expect(await serverOs()).toMatchObject({ code: 0 })
  })

  test('ufw', async () => {
    await host.exec('systemctl disable --now firewalld; ufw allow 22/tcp; ufw --force enable; systemctl restart docker')
    expect(await provisioned(home, 'box')).toEqual(['firewall'])
    expect(await serverOs()).toMatchObject({ code: 0, stdout: 'linux\n' })
    expect(await host.exec('ufw status')).toMatch(/^2376\/tcp +ALLOW/m)
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('nftables rules: open after they are loaded again', async () => {
    await host.exec(`ufw --force disable; systemctl stop docker docker.socket; nft flush ruleset
      echo '${Buffer.from(NFTABLES).toString('base64')}' | base64 -d > /etc/nftables.conf
      systemctl enable nftables; systemctl restart nftables; systemctl start docker`)
    const told = await home.cli('provision', 'box')
    expect(told).toMatchObject({ code: 0 })
    expect(told.stderr).toContain("opened TCP port 2376 in the host's nftables firewall")
    expect(await serverOs()).toMatchObject({ code: 0, stdout: 'linux\n' })
    expect(await provisioned(home, 'box')).toEqual([])
    await host.exec('nft flush table inet filter; systemctl restart nftables')
    expect(await serverOs()).toMatchObject({ code: 0 })
    expect(await provisioned(home, 'box')).toEqual([])
  })

  test('all of it holds after a reboot', async () => {
    await host.stop()
    await host.start()
    expect(await serverOs()).toMatchObject({ code: 0, stdout: 'linux\n' })
    expect(await provisioned(home, 'box')).toEqual([])
  })
})
