/** Connections whose time is over. */
import { X509Certificate } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Connection } from '../../../../agent/relay/connection.ts'
import type { Hub } from '../../../../agent/relay/hub.ts'
import { createShares } from '../../../../agent/relay/shares.ts'
import { clientOf } from '../../../../agent/trust/client.ts'
import { newAuthority } from '../../../kit/relay.ts'

test('a head that takes too long is answered once', async () => {
  const { client } = await newAuthority()
  const certificate = new X509Certificate(client.certPem)
  const told: number[] = []
  const hub = {
    draining: false,
    badRequest: (_client, _address, status) => told.push(status),
    record: () => {},
  } as Partial<Hub> as Hub
  const path = join(tmpdir(), `sweep-${process.pid}.sock`)
  const server = createServer({ allowHalfOpen: true })
  const accepted = new Promise<Socket>(resolve => server.once('connection', resolve))
  await new Promise<void>(resolve => server.listen(path, resolve))
  const far = connect({ path, allowHalfOpen: true })
  const socket = await accepted
  const share = createShares().enter('AA')
  if (!share) throw new Error('no share')
  const connection = new Connection(socket, clientOf(certificate), certificate, hub, share)
  const begun = new Promise(resolve => socket.once('data', resolve))
  far.write('GET /')
  await begun
  connection.sweep(Number.POSITIVE_INFINITY)
  connection.sweep(Number.POSITIVE_INFINITY)
  let text = ''
  for await (const more of far.setEncoding('latin1')) text += more
  expect(text.match(/HTTP\/1\.1 408/g)).toHaveLength(1)
  expect(told).toEqual([408])
  far.destroy()
  server.close()
})
