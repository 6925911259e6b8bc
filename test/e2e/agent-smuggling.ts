/** Requests two readers could read differently: each tries to hide a second one, which makes a volume of this name. */
export const SMUGGLED = 'smuggled'

const HIDDEN = `POST /volumes/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"Name":"${SMUGGLED}"}`
const CHUNKED = `0\r\n\r\n${HIDDEN}`

const post = (fields: string, body: string) => `POST /volumes/create HTTP/1.1\r\nHost: d\r\n${fields}\r\n\r\n${body}`

export const SMUGGLING: readonly string[] = [
  post(`Content-Length: ${CHUNKED.length}\r\nTransfer-Encoding: chunked`, CHUNKED),
  post(`Transfer-Encoding: chunked\r\nContent-Length: 3`, CHUNKED),
  post(`Content-Length: 0\r\nContent-Length: ${HIDDEN.length}`, HIDDEN),
  post(`Content-Length: 0, ${HIDDEN.length}`, HIDDEN),
  post(`Content-Length: +0`, HIDDEN),
  post(`Content-Length: 0x0`, HIDDEN),
  post(`Content-Length: -1`, HIDDEN),
  post(`Content-Length : 0`, HIDDEN),
  post(`Content-Length:\r\n 0`, HIDDEN),
  post(`Transfer-Encoding: xchunked`, CHUNKED),
  post(`Transfer-Encoding: identity`, HIDDEN),
  post(`Transfer-Encoding: chunked, identity`, CHUNKED),
  post(`Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked`, CHUNKED),
  post(`Transfer-Encoding : chunked`, CHUNKED),
  post(`Transfer-Encoding:\x0bchunked`, CHUNKED),
  post(`X: y\nContent-Length: 0`, HIDDEN),
  post(`X: y\rContent-Length: 0`, HIDDEN),
  post(`X: \0\r\nContent-Length: 0`, HIDDEN),
  post(` Content-Length: 0`, HIDDEN),
  // chunks
  post('Transfer-Encoding: chunked', `0;x=y\r\n\r\n${HIDDEN}`),
  post('Transfer-Encoding: chunked', `0\r\nContent-Length: 0\r\n\r\n${HIDDEN}`),
  post('Transfer-Encoding: chunked', `0x0\r\n\r\n${HIDDEN}`),
  post('Transfer-Encoding: chunked', `000000000\r\n\r\n${HIDDEN}`),
  post('Transfer-Encoding: chunked', `0\n\n${HIDDEN}`),
  post('Transfer-Encoding: chunked', `-1\r\n\r\n${HIDDEN}`),
  post('Transfer-Encoding: chunked', `1\r\nxx\r\n0\r\n\r\n${HIDDEN}`),
  // first lines
  `GET /_ping\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/1.0\r\nHost: d\r\nConnection: keep-alive\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/2.0\r\nHost: d\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/1.1 HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `GET  /_ping HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `GET\t/_ping HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/1.1\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/1.1\r\nHost: d\r\nHost: e\r\n\r\n${HIDDEN}`,
  `GET http://d/_ping HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `GET /_ping%0d%0a HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `GET /_ping%zz HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `CONNECT d:1 HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `TRACE /_ping HTTP/1.1\r\nHost: d\r\n\r\n${HIDDEN}`,
  `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}`,
  `\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/1.1\r\nHost: d\r\nX: ${'x'.repeat(140_000)}\r\n\r\n${HIDDEN}`,
  `GET /_ping HTTP/1.1\r\nHost: d\r\n${'X: y\r\n'.repeat(300)}\r\n${HIDDEN}`,
]
