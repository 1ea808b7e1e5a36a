import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import type { RerankRequest } from '../../src/index.ts'
import { answerTo } from './rerank.ts'

/** A request as it came over the socket. */
export interface Received {
  method: string | undefined
  /** Path and query. */
  target: string | undefined
  headers: IncomingHttpHeaders
  body: string
  socket: Socket
}

/** How the server treats one request. */
export type Fault = (response: ServerResponse, request: Received) => unknown

/** A loopback server that misbehaves as a test chooses. */
export interface FaultServer {
  readonly url: string
  /** What came so far. */
  readonly received: readonly Received[]
  /** Resolves when one more request has come whole. */
  arrival(): Promise<void>
}

/** Serves one fault a request, in order, and good answers after the last; or the fault that is chosen for each. */
export async function serveFaults(
  faults: readonly Fault[] | ((request: Received) => Fault),
): Promise<FaultServer> {
  const received: Received[] = []
  const events = new EventEmitter()
  const choose = typeof faults === 'function' ? faults : () => faults[received.length - 1] ?? well

  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url: target, headers, socket } = incoming
    const request = { method, target, headers, socket, body: await text(incoming) }
    received.push(request)
    const fault = choose(request)
    events.emit('arrival')
    await fault(response, request)
  }
  const server = createServer((incoming, response) => {
    respond(incoming, response).catch(() => response.destroy())
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const arrival = async (): Promise<void> => {
    await once(events, 'arrival')
  }
  return { url, received, arrival }
}

/** The base URL of a server that accepts connections and never says a word. */
export async function serveSilence(protocol: 'http' | 'https'): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => sockets.add(socket.on('error', () => undefined)))
  const port = await listen(server)
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `${protocol}://127.0.0.1:${port}`
}

/** The base URL of a port on which nobody listens. */
export async function closedPort(): Promise<string> {
  const server = createTcpServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** Answers as it should. */
export const well: Fault = (response, request) => reply(200, goodBody(request))(response, request)

/** Answers with a status, a body and headers. */
export function reply(
  status: number,
  body: string | Buffer = '',
  headers: Record<string, string> = {},
): Fault {
  return (response) =>
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}

/** Answers 503 and asks to be called again at once. */
export const busy: Fault = reply(503, '{"detail":"busy"}', { 'retry-after-ms': '1' })

/** Resets the connection before it has answered. */
export const reset: Fault = (_, { socket }) => socket.resetAndDestroy()

/** Never answers. */
export const stall: Fault = () => undefined

/** Answers with the first half of a good body, and then does something else with the connection. */
export function half(then: (socket: Socket) => unknown): Fault {
  return async (response, request) => {
    const body = Buffer.from(goodBody(request))
    response.writeHead(200, { 'content-length': body.byteLength })
    await new Promise((resolve) => response.write(body.subarray(0, body.byteLength / 2), resolve))
    then(request.socket)
  }
}

/** Answers well in chunks of a few bytes. */
export const drip: Fault = async (response, request) => {
  for (const piece of goodBody(request).match(/.{1,5}/gsu) ?? []) {
    await new Promise((resolve) => response.write(piece, resolve))
  }
  response.end()
}

/** Answers well, in a given encoding of HTTP. */
export const gzip: Fault = (response, request) =>
  reply(200, gzipSync(goodBody(request)), { 'content-encoding': 'gzip' })(response, request)

/** Answers with a body of a given length, as fast as it is read; `sent` says how much of it was. */
export function flood(status: number, bytes: number): Fault & { sent: number } {
  const chunk = Buffer.alloc(256 * 1024, 'x')
  const fault = Object.assign(
    async (response: ServerResponse) => {
      response.writeHead(status)
      await pipeline(chunks(), response)
    },
    { sent: 0 },
  )
  function* chunks(): Generator<Buffer> {
    for (; fault.sent < bytes; fault.sent += chunk.byteLength) yield chunk
  }
  return fault
}

function goodBody({ body }: Received): string {
  return JSON.stringify(answerTo(JSON.parse(body) as RerankRequest))
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
