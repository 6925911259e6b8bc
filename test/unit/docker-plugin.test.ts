/** Which calls are docker's: the words are what docker 20.10 and 28 were seen to pass. */
import { describe, expect, test } from '@jest/globals'
import { pluginCall } from '../../src/docker-plugin.ts'

const byDocker = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: '/usr/bin/docker' }

describe('a call of docker’s', () => {
  test.each<[string, string[]]>([
    ['machine', []],
    ['machine ls -q', ['ls', '-q']],
    ['machine --help', ['--help']],
    ['help machine', ['help']],
    ['help machine ls', ['help', 'ls']],
    ['machine ssh dev -- ls -l', ['ssh', 'dev', '--', 'ls', '-l']],
    ['__complete machine st', ['__complete', 'st']],
    ['machine __complete x', ['__complete', 'x']],
    ['--context foo machine env dev', ['env', 'dev']],
    ['--context=foo machine env dev', ['env', 'dev']],
    ['-c foo machine env dev', ['env', 'dev']],
    ['-cfoo -H tcp://a:1 -l info --tls machine env dev', ['env', 'dev']],
    ['-c machine machine ls', ['ls']],
    ['-D machine env dev', ['--debug', 'env', 'dev']],
    ['--debug machine ls', ['--debug', 'ls']],
    ['-Dc foo machine ls', ['--debug', 'ls']],
    ['--tlscacert a --tlscert b --tlskey c --tlsverify machine ls', ['ls']],
    ['-Htcp://a:1 machine machine', ['machine']],
  ])('%s', (line, words) => {
    expect(pluginCall(line.split(' '), byDocker)).toEqual({ words })
  })

  test('docker’s --config is where its contexts and plug-ins are', () => {
    expect(pluginCall(['--config', '/c d', 'machine', 'ls'], byDocker)).toEqual({ words: ['ls'], dockerConfig: '/c d' })
    expect(pluginCall(['--config=/c=d', 'machine'], byDocker)).toEqual({ words: [], dockerConfig: '/c=d' })
  })
})

test.each(['ls', 'create machine', 'ssh machine ls', '-D ls', 'help', 'help ls', '', '__complete ls', '- machine'])(
  'the drop-in, though docker is above it: %j',
  line => {
    expect(pluginCall(line === '' ? [] : line.split(' '), byDocker)).toBeUndefined()
  },
)

test('the same words without docker are the drop-in’s', () => {
  expect(pluginCall(['machine', 'ls'], {})).toBeUndefined()
})
