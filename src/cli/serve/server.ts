import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { printable } from '../text.ts'
import { failure } from './failure.ts'
import { BodyError, requestOf } from './incoming.ts'
import { LIMITS } from './limits.ts'
import type { ServerLimits } from './limits.ts'
import { listen } from './listen.ts'
import { createMetrics } from './metrics.ts'
import { createTraffic } from './traffic.ts'
import type { Exchange } from './traffic.ts'

/** Responds to a request, whose body comes as it is read. */
export type Handler = (request: Request) => Promise<Response>

/** The settings of a server. */
export interface ServerOptions {
  port: number
  host: string
  /** Says why the headers of a request are rejected, before anything else of it is read. */
  gate: (headers: IncomingHttpHeaders) => string | undefined
  /** Rejects a caller with a wrong key, before more than the headers of the request are read. */
  refuse?: (call: { method: string; path: string; authorization: string }) => Response | undefined
  /** Takes a line for each request: method, path, status and time. */
  log: (line: string) => void
  /** @default LIMITS */
  limits?: Partial<ServerLimits>
}

/** A server that listens. */
export interface RunningServer {
  url: string
  /** Stops listening; resolves when the requests in flight have their responses, or take too long. */
  close: () => Promise<void>
  /** Ends every connection at once. */
  abort: () => void
}

/** Listens. @throws Error when the address can't be had */
export async function startServer(handler: Handler, options: ServerOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...options.limits }
  const traffic = createTraffic()
  const metrics = createMetrics(traffic)
  const unanswered = new WeakMap<Socket, number>()
  const server = createServer({
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headMs),
  })
  server.maxConnections = limits.connections
  server.on('connection', traffic.follow)
  server.on('request', (incoming, outgoing) => accept(incoming, outgoing, () => undefined))
  server.on('checkContinue', (incoming, outgoing) =>
    accept(incoming, outgoing, () => outgoing.writeContinue()),
  )

  function accept(incoming: IncomingMessage, outgoing: ServerResponse, invite: () => void): void {
    const { socket } = incoming
    // A client that pipelines on after the last request that gets a response.
    if (traffic.on(socket) > limits.requestsPerConnection) {
      unanswered.set(socket, (unanswered.get(socket) ?? 0) + 1)
      if ((unanswered.get(socket) ?? 0) > 3 * limits.requestsPerConnection) socket.destroy()
    }
    if (socket.destroyed || unanswered.has(socket)) return
    const started = performance.now()
    const { method = '', url = '' } = incoming
    const path = url.replace(/[?#].*/s, '')
    let status: number | undefined
    outgoing.once('finish', () => (status = outgoing.statusCode))
    const exchange = traffic.begin(socket, () => {
      const ms = performance.now() - started
      metrics.observe({ method, path, status, seconds: ms / 1000 })
      // A path is the caller's to choose: its query, and a long one's end, are not for the log.
      options.log(`${method} ${printable(path.slice(0, 80))} ${status ?? 'left'} ${Math.round(ms)} ms`)
    })
    outgoing.once('close', exchange.end)
    const request = (): Promise<Response> =>
      handler(requestOf(incoming, { limits, traffic, exchange, invite }))
    void respond(answer(incoming, path, request), outgoing, exchange)
  }

  async function answer(
    { socket, method = '', url = '', headers }: IncomingMessage,
    path: string,
    request: () => Promise<Response>,
  ): Promise<Response> {
    const refusal = options.gate(headers)
    if (refusal !== undefined) return failure(403, refusal)
    if (!url.startsWith('/') || method === 'TRACE') return failure(400, 'Bad Request')
    if (traffic.on(socket) > limits.requestsPerConnection) {
      const detail = `More than ${limits.requestsPerConnection} requests are in flight on this connection.`
      return failure(503, detail, { 'retry-after': '1', connection: 'close' })
    }
    // A busy server still responds to these.
    if (method === 'GET' && path === '/health') return Response.json({ status: 'ok' })
    if (method === 'GET' && path === '/metrics') return metricsResponse()
    if (traffic.exchanges > limits.requests) {
      return failure(503, `More than ${limits.requests} requests are in flight.`, { 'retry-after': '1' })
    }
    return options.refuse?.({ method, path, authorization: headers.authorization ?? '' }) ?? request()
  }

  function metricsResponse(): Response {
    return new Response(metrics.text(), { headers: { 'content-type': 'text/plain; version=0.0.4' } })
  }

  async function respond(
    answered: Promise<Response>,
    outgoing: ServerResponse,
    exchange: Exchange,
  ): Promise<void> {
    const response = await answered.catch((error: unknown) =>
      error instanceof BodyError ? error.response : failure(500, 'Internal Server Error'),
    )
    const body = Buffer.from(await response.arrayBuffer())
    if (exchange.signal.aborted) return
    exchange.hold(body.byteLength)
    const { req: incoming } = outgoing
    outgoing.statusCode = response.status
    outgoing.setHeaders(response.headers)
    // An ending server waits for no connection that is kept open for more.
    if (!server.listening) outgoing.setHeader('connection', 'close')
    // A client that is still sending hears nothing until it is done: the rest of its body is read, and dropped.
    // A listener, since a reader that is still leaving would undo `resume()` alone.
    if (!incoming.complete) incoming.on('data', () => undefined).resume()
    outgoing.end(body)
    const slow = setTimeout(() => {
      // Before the socket goes, by whose end the response would count as finished.
      exchange.end()
      incoming.socket.destroy()
    }, limits.responseMs)
    exchange.signal.addEventListener('abort', () => clearTimeout(slow), { once: true })
  }

  const url = await listen(server, options)
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), limits.farewellMs).unref()
      }),
    abort: () => server.closeAllConnections(),
  }
}
