import { expect, test } from '@jest/globals'
import { checkAsk } from '../../../provisioning/ask-check.ts'
import { ask } from './hosts.ts'

test('what can be is let through', () => {
  checkAsk(ask({ opts: ['debug'], env: ['A=', 'B=c=d e'], mirror: 'aliyun' }))
})

test.each(['1A=secret', 'plain', 'A=secret\nB=2'])('the environment %j is refused, its value unsaid', assignment => {
  expect(() => checkAsk(ask({ env: [assignment] }))).toThrow(/^(?!.*secret).*is not NAME=value/)
})

test('an unknown mirror is refused, unless a script of the user installs the engine', () => {
  expect(() => checkAsk(ask({ mirror: 'nowhere' }))).toThrow('no engine mirror is called "nowhere"')
  checkAsk(ask({ mirror: 'nowhere', installUrl: 'https://h/x' }))
})
