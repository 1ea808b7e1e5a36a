import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A server that passes requests on to another, and changes what a request tells it to. */
export interface Relay {
  url: string
  close: () => void
}

/** Prism hangs at JSON that it can't read, so what is no JSON is sent as text, and comes as this type. */
export const ARRIVES_AS = 'x-arrives-as'

/** The answer's body is replaced by this. */
export const ANSWERS = 'x-answers'

/** Starts a relay on a free port of loopback. */
export function relayTo(url: string): Promise<Relay> {
  const server = createServer((incoming, outgoing) => {
    void passOn(url, incoming).then(async (answer) => {
      const body = incoming.headers[ANSWERS] ?? (await answer.text())
      outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      outgoing.end(body)
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const close = (): void => {
        server.close()
        server.closeAllConnections()
      }
      resolve({ url: `http://127.0.0.1:${port}`, close })
    })
  })
}

async function passOn(url: string, incoming: IncomingMessage): Promise<Response> {
  const {
    authorization = '',
    'content-type': sentAs = '',
    [ARRIVES_AS]: arrivesAs = sentAs,
  } = incoming.headers
  const headers = { authorization, 'content-type': String(arrivesAs) }
  return fetch(url + (incoming.url ?? ''), { method: 'POST', headers, body: await buffer(incoming) })
}
