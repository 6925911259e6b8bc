/** Requests behind a firewall: through the proxy that the environment names, and past it where that says so. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { connect } from '../../../../drivers/amazonec2/api.ts'
import { goesThroughProxies, proxyOf } from '../../../../drivers/cloud/proxy.ts'
import { vpcs } from '../amazonec2/loopback-api.ts'

let proxy: Server
let asked: string[]
let url: string
beforeEach(async () => {
  asked = []
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end(vpcs('vpc-1').body)
  })
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  url = `http://user:CANARY@127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterEach(async () => {
  proxy.closeAllConnections()
  proxy.close()
  await once(proxy, 'close')
})

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 's' }
const open = (env: Record<string, string>, endpoint: string) =>
  connect(
    { region: 'us-east-1', endpoint, retries: -1 },
    { env: { ...KEYS, ...env }, signal: new AbortController().signal, say: () => {} },
  )

test('http goes through it', async () => {
  const ec2 = await open({ http_proxy: url }, 'http://api.invalid')
  expect((await ec2.call('DescribeVpcs', {})).Vpcs?.[0]?.VpcId).toBe('vpc-1')
  expect(asked).toEqual(['POST http://api.invalid/'])
})

test('https asks it for a tunnel; its refusal is told by its name, without the password', async () => {
  const ec2 = await open({ HTTPS_PROXY: url }, 'https://api.invalid')
  const error = await ec2.call('DescribeVpcs', {}).catch(thrown => thrown)
  expect(asked).toEqual(['CONNECT api.invalid:443'])
  expect(error.code).toBe('EC2_UNREACHABLE')
  expect(error.message).toMatch(/^the proxy 127\.0\.0\.1:\d+ does not let us through/)
  expect(`${error.message}${error.suggestions}${error.cause.message}`).not.toContain('CANARY')
})

test('and what NO_PROXY names does not', async () => {
  const ec2 = await open({ HTTP_PROXY: url, NO_PROXY: '127.0.0.1' }, 'http://127.0.0.1:9')
  await expect(ec2.call('DescribeVpcs', {})).rejects.toThrow('the EC2 API at 127.0.0.1:9 refuses connections')
  expect(asked).toEqual([])
})

test.each([
  ['ec2.eu-central-1.amazonaws.com', '', 'p:3128'],
  ['ec2.eu-central-1.amazonaws.com', 'example.org, .amazonaws.com', undefined],
  ['ec2.eu-central-1.amazonaws.com', '*', undefined],
  ['ec2.eu-central-1.amazonaws.com:443', 'amazonaws.com', undefined],
  ['notamazonaws.com', 'amazonaws.com', 'p:3128'],
])('%s with NO_PROXY %j', (host, NO_PROXY, shown) => {
  expect(proxyOf({ HTTPS_PROXY: 'http://u:pw@p:3128', NO_PROXY }).shown(host)).toBe(shown)
})

test('what Nodes know of proxies', () => {
  const versions = ['22.13.0', '22.20.1', '22.21.0', '23.11.0', '24.4.1', '24.5.0', '26.10.0']
  expect(versions.filter(version => goesThroughProxies(version))).toEqual(['22.21.0', '24.5.0', '26.10.0'])
})
