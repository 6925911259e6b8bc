/** Machines that real Vagrant made of somebody's own Vagrantfile with several of them, taken over. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { IMAGE, startVagrantPlace, type VagrantPlace, whyNoVagrant } from '../hosts/vagrant-place.ts'
import { CLASSIC, type Home, startHome } from '../kit/cli.ts'
import { importBusybox } from '../kit/images.ts'

jest.setTimeout(300_000)
const why = await whyNoVagrant()
const suite = why ? describe.skip : describe

const VAGRANTFILE = `# somebody's own
Vagrant.configure("2") do |config|
  config.ssh.username = "root"
  config.vm.synced_folder ".", "/vagrant", disabled: true
  ["web", "db", "spare"].each do |name|
    config.vm.define name do |node|
      node.vm.hostname = "their-" + name
      node.vm.provider "docker" do |d|
        d.image = "${IMAGE}"
        d.has_ssh = true
        d.remains_running = true
        d.volumes = ["/var/lib/docker"]
        d.create_args = ["--cap-add=SYS_ADMIN", "--cap-add=NET_ADMIN", "--cap-add=SYS_PTRACE", "--tmpfs=/run",
          "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined", "--security-opt=systempaths=unconfined"]
      end
    end
  end
end
`

suite(why ? `adopt --vagrant [${why}]` : 'adopt --vagrant', () => {
  let place: VagrantPlace
  let home: Home
  let project: string
  beforeAll(async () => {
    place = await startVagrantPlace()
    home = await startHome({ ...CLASSIC, ...place.env })
    project = join(place.dir, 'their project')
    mkdirSync(project)
    writeFileSync(join(project, 'Vagrantfile'), VAGRANTFILE)
    await place.vagrant(project, 'up', 'web', 'db', '--provider', 'docker', '--no-parallel')
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  const containers = () => place.engine.docker('ps', '--format', '{{.Names}} {{.State}}')

  test('--dry-run lists the machines; without a name that is said, and nothing is done', async () => {
    const dry = await home.cli('adopt', '--vagrant', project, '--dry-run')
    expect([dry.code, dry.stdout, dry.stderr]).toEqual([
      0,
      '',
      'web (running, docker)\ndb (running, docker)\nspare (not created, docker)\nNothing was done: this was a dry run.\n',
    ])
    const which = await home.cli('adopt', '--vagrant', project)
    expect(which.code).toBe(1)
    expect(which.stderr).toContain(
      `there are several machines in ${project}: web (running, docker), db (running, docker), spare (not created, docker)`,
    )
    expect((await home.cli('adopt', '--vagrant', project, 'nope')).stderr).toContain('there is no machine "nope"')
    const spare = await home.cli('adopt', '--vagrant', project, 'spare')
    expect([spare.code, spare.stderr]).toEqual([3, expect.stringContaining('has not been made yet')])
    expect(spare.stderr).toContain('vagrant up spare')
    expect((await home.cli('adopt', '--vagrant', place.dir, 'web')).stderr).toContain(
      `there is no Vagrantfile in ${place.dir}`,
    )
    expect((await home.cli('adopt', '--vagrant', project, 'web', '-i', '/k')).code).toBe(2)
    expect(await home.ok('ls', '-q')).toBe('')
  })

  test('one of them gets an engine, and keeps its name and its Vagrantfile', async () => {
    const ran = await home.cli('adopt', '--vagrant', project, 'web')
    expect([ran.code, ran.stdout]).toEqual([0, ''])
    expect(ran.stderr).toContain('"web" is adopted: rm forgets it, and its host stays.')
    const image = await importBusybox(home, 'web')
    expect(await home.dockerOk('web', 'run', '--rm', image, 'echo', 'hello')).toBe('hello')
    expect(await home.ok('ssh', 'web', 'uname -n')).toBe('their-web\n')
    expect(readFileSync(join(project, 'Vagrantfile'), 'utf8')).toBe(VAGRANTFILE)
  })

  test('one that is off is started; power is ours from then on', async () => {
    await place.vagrant(project, 'halt', 'db')
    await home.ok('adopt', '--vagrant', project, 'db', '--name', 'data', '--rm-destroys')
    expect(await home.ok('status', 'data')).toBe('Running\n')
    await home.ok('stop', 'data')
    expect(await place.vagrant(project, 'status', 'db', '--machine-readable')).toMatch(/,db,state,stopped/)
    expect(await home.ok('status', 'web')).toBe('Running\n')
  })

  test('another store of another CA is told before anybody is shut out', async () => {
    await using stranger = await startHome({ ...CLASSIC, ...place.env })
    const no = await stranger.cliWith({ input: 'n\n' }, 'adopt', '--vagrant', project, 'web')
    expect([no.code, no.stdout]).toEqual([1, ''])
    expect(no.stderr).toContain('Clients with the old certificates are shut out.')
    expect(no.stderr).toContain('"web" is not adopted, and no certificate was changed there')
    expect(await stranger.ok('ls', '-q')).toBe('')
    expect(await home.dockerOk('web', 'version', '-f', '{{.Server.Os}}')).toBe('linux')
  })

  test('rm forgets the one, and destroys the other that it was to', async () => {
    const two = (await containers()).split('\n')
    expect(two).toHaveLength(1) // db is stopped
    const forgot = await home.cli('rm', '-y', 'web')
    expect(forgot.code).toBe(0)
    expect(forgot.stderr).toContain('`vagrant destroy web` there destroys it')
    expect(await containers()).toContain('running')
    await home.ok('rm', '-y', 'data')
    expect(await place.vagrant(project, 'status', 'db', '--machine-readable')).toMatch(/,db,state,not_created/)
    expect(await place.vagrant(project, 'status', 'web', '--machine-readable')).toMatch(/,web,state,running/)
    expect(readFileSync(join(project, 'Vagrantfile'), 'utf8')).toBe(VAGRANTFILE)
    expect(await home.ok('ls', '-q')).toBe('')
  })
})
