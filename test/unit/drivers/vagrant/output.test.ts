import { describe, expect, test } from '@jest/globals'
import { failureIn } from '../../../../drivers/vagrant/failure.ts'
import { dataOf, type Line, messageIn, parseLine } from '../../../../drivers/vagrant/output.ts'
import { tellProgress } from '../../../../drivers/vagrant/progress.ts'
import { vmsIn, whichVm } from '../../../../drivers/vagrant/project.ts'
import type { MachineEvent } from '../../../../src/events.ts'

const lines = (text: string) => text.split('\n').flatMap(line => parseLine(line) ?? [])

describe('--machine-readable', () => {
  test('commas and line breaks of the data come back', () => {
    expect(parseLine('1732650000,web,ui,info,one%!(VAGRANT_COMMA) two\\nthree\\r\\n')).toEqual({
      target: 'web',
      type: 'ui',
      data: ['info', 'one, two\nthree\r\n'],
    })
    expect(parseLine('1732650000,,error-exit,Vagrant::Errors::NoDefaultProvider,No usable\\n\\nand more')).toEqual({
      target: '',
      type: 'error-exit',
      data: ['Vagrant::Errors::NoDefaultProvider', 'No usable\n\nand more'],
    })
    expect(parseLine('1732650000,web,state,running\r')).toMatchObject({ data: ['running'] })
    expect(parseLine('1732650000,web,action')).toEqual({ target: 'web', type: 'action', data: [] })
  })

  test.each(['  HostName 127.0.0.1', '', 'Host web', '12 monkeys, and more'])('%j is a plain line', text => {
    expect(parseLine(text)).toBeUndefined()
  })

  test('what stands for people is without colours', () => {
    const line = parseLine('1,web,ui,detail,\u001b[KProgress: 3%') as Line
    expect(messageIn(line)).toEqual({ kind: 'detail', text: 'Progress: 3%' })
    const about = parseLine('1,web,ui,output,==> web: Importing base box:\\n    web: 3 of 4') as Line
    expect(messageIn(about)).toEqual({ kind: 'output', text: 'Importing base box:\n3 of 4' })
  })

  test('the first of a type, of the target asked for', () => {
    const two = lines('1,a,state,running\n1,b,state,poweroff')
    expect([dataOf(two, 'state'), dataOf(two, 'state', 'b'), dataOf(two, 'nope')]).toEqual([
      ['running'],
      ['poweroff'],
      undefined,
    ])
  })
})

describe('progress', () => {
  test('a box as it comes, each percent once; steps; the rest for --debug', () => {
    const events: MachineEvent[] = []
    const tell = tellProgress(event => events.push(event))
    const box = (percent: number) =>
      `1,web,ui,detail,Progress: ${percent}% (Rate: 5120k/s%!(VAGRANT_COMMA) Estimated time remaining: 0:01:02)`
    for (const line of lines(
      ['1,web,ui,output,Importing base box...', box(12), box(12), box(13), '1,web,ui,detail,SSH username: x'].join(
        '\n',
      ),
    ))
      tell(line)
    expect(events.filter(e => e.type === 'progress')).toEqual([
      { type: 'progress', text: 'vagrant: Importing base box...' },
      { type: 'progress', text: 'downloading the box (5120k/s, 0:01:02 left)', fraction: 0.12 },
      { type: 'progress', text: 'downloading the box (5120k/s, 0:01:02 left)', fraction: 0.13 },
    ])
    expect(events.at(-1)).toEqual({ type: 'debug', text: 'vagrant detail: SSH username: x' })
  })
})

describe('a failure', () => {
  test('is what ended it, else the errors shown, else what was printed besides', () => {
    const ended = lines(
      '1,,ui,error,shown\n1,,error-exit,VagrantPlugins::DockerProvider::Errors::StateStopped,The container\\nstopped.',
    )
    expect(failureIn(ended, [], 1)).toEqual({ kind: 'StateStopped', text: 'The container\nstopped.', code: 1 })
    expect(failureIn(lines('1,,ui,error,shown'), ['x'], 1)).toEqual({ kind: '', text: 'shown', code: 1 })
    expect(failureIn([], ['cannot load such file -- log4r'], 2)).toEqual({
      kind: '',
      text: 'cannot load such file -- log4r',
      code: 2,
    })
  })
})

describe('machines of a project', () => {
  const status = lines(
    '1,web,metadata,provider,docker\n1,web,provider-name,docker\n1,web,state,running\n1,web,state-human-short,running\n1,db,provider-name,virtualbox\n1,db,state,not_created',
  )
  const vms = vmsIn(status)
  const code = (asked: string | undefined, from = vms) => {
    try {
      return whichVm(from, asked, '/p').name
    } catch (error) {
      return (error as { code: string; message: string }).message
    }
  }

  test('are those that have a state', () => {
    expect(vms).toEqual([
      { name: 'web', provider: 'docker', state: 'running' },
      { name: 'db', provider: 'virtualbox', state: 'not_created' },
    ])
  })

  test('one is meant, and made', () => {
    expect([code('web'), code(undefined, vms.slice(0, 1))]).toEqual(['web', 'web'])
    expect(code(undefined)).toBe('the Vagrantfile in /p has several machines: web (running), db (not created)')
    expect(code('x')).toBe('the Vagrantfile in /p has no machine "x"')
    expect(code('db')).toBe('machine "db" of /p has not been made yet')
  })
})
