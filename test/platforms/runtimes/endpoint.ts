import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveLocalReranker } from '../../../src/local/index.ts'

/** The embedded endpoint, with faults where the base URL ends in one: `/fails-once`, `/silent`, `/redirects`. */
export interface FaultyEndpoint {
  /** A base URL for a caller, to whom alone `/fails-once` has failed once. */
  urlFor: (caller: string) => string
  close: () => Promise<void>
}

/** Serves it, for pages of any origin as well. */
export async function serveFaultyEndpoint(): Promise<FaultyEndpoint> {
  const endpoint = await serveLocalReranker({ cors: true })
  const failed = new Set<string>()

  const server = createServer((request, response) => {
    const [, caller = '', fault, path = ''] = ROUTE.exec(request.url ?? '') ?? []
    const isPreflight = request.method === 'OPTIONS'
    if (fault === 'silent' && !isPreflight) return
    if (fault === 'fails-once' && !isPreflight && !failed.has(caller)) {
      failed.add(caller)
      response.writeHead(503, { 'access-control-allow-origin': '*', 'retry-after-ms': '1' }).end()
      return
    }
    if (fault === 'redirects' && !isPreflight) {
      const headers = { 'access-control-allow-origin': '*', location: `${endpoint.url}/${path}` }
      response.writeHead(307, headers).end()
      return
    }
    void forward(request, response, `${endpoint.url}/${path}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    urlFor: (caller) => `http://127.0.0.1:${port}/${caller}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await endpoint.close()
    },
  }
}

const ROUTE = /^\/([\w-]+)\/(?:(fails-once|silent|redirects)\/)?(v1\/.*)$/

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, url: string): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
  const { method = 'GET', headersDistinct } = incoming
  const headers = Object.entries(headersDistinct)
    .filter(([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name))
    .map(([name, values = []]): [string, string] => [name, values.join(', ')])
  const answer = await fetch(url, { method, headers, ...body })
  outgoing.statusCode = answer.status
  outgoing.setHeaders(answer.headers)
  outgoing.end(Buffer.from(await answer.arrayBuffer()))
}
