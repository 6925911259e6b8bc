/** What checkip.amazonaws.com does: tells the caller its address, in one line of text. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export class CheckService {
  /** An address; 'caller': the one it comes from; 'hang': no answer; or any answer. */
  answer: string | { readonly status: number; readonly text: string } = 'caller'
  /** How often it was asked. */
  asked = 0

  serve(request: IncomingMessage, response: ServerResponse): void {
    this.asked += 1
    request.resume()
    if (this.answer === 'hang') return
    const caller = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    const { status, text } =
      typeof this.answer === 'string'
        ? { status: 200, text: `${this.answer === 'caller' ? caller : this.answer}\n` }
        : this.answer
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
  }
}
