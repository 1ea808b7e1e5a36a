import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { printable } from '../text.ts'

/** Answers a request whose body has come whole. */
export type Handler = (request: Request) => Promise<Response>

/** What a server needs to know. */
export interface ServerOptions {
  port: number
  host: string
  /** Says why the headers of a request are refused, before anything else of it is read. */
  gate: (headers: IncomingHttpHeaders) => string | undefined
  /** Takes a line for each request: method, path, status and time. */
  log: (line: string) => void
}

/** A server that listens. */
export interface RunningServer {
  url: string
  /** Stops listening; resolves when what is under way is answered, or too long under way. */
  close: () => Promise<void>
  /** Ends every connection at once. */
  abort: () => void
}

/** The largest body that is read, in bytes. */
export const MOST_BYTES = 32 * 1024 * 1024

/** Requests that are under way at once; one more is a 503. */
export const MOST_AT_ONCE = 128

/** How long an ending server waits for what is under way. */
const LONGEST_FAREWELL_MS = 10_000

/** Listens. @throws Error when the address can't be had */
export async function startServer(handler: Handler, options: ServerOptions): Promise<RunningServer> {
  let underWay = 0
  const server = createServer((incoming, outgoing) => {
    const started = performance.now()
    underWay += 1
    const limit = underWay > MOST_AT_ONCE ? BUSY() : undefined
    outgoing.once('close', () => {
      underWay -= 1
      // A path is the caller's to choose: its query, and what is long, is not for the log.
      const path = printable((incoming.url ?? '').replace(/[?#].*/s, '').slice(0, 80))
      const status = outgoing.writableFinished ? outgoing.statusCode : 'left'
      options.log(`${incoming.method ?? ''} ${path} ${status} ${Math.round(performance.now() - started)} ms`)
    })
    const answered = limit ?? answer(handler, options, incoming, outgoing)
    // An ending server waits for no connection that is kept open for more.
    void respond(answered, outgoing, () => !server.listening)
  })
  const url = await listen(server, options)
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), LONGEST_FAREWELL_MS).unref()
      }),
    abort: () => server.closeAllConnections(),
  }
}

function listen(server: Server, { host, port }: ServerOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message
      reject(new Error(`Can't listen on ${host}:${port}: ${reason}`, { cause }))
    })
    server.listen(port, host, () => {
      const { address, family, port: bound } = server.address() as AddressInfo
      const name =
        { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address] ?? (family === 'IPv6' ? `[${address}]` : address)
      resolve(`http://${name}:${bound}`)
    })
  })
}

async function answer(
  handler: Handler,
  { gate }: ServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Response> {
  const { method = 'GET', url = '/', headers } = incoming
  const refusal = gate(headers)
  if (refusal !== undefined) return failure(403, refusal)
  if (!url.startsWith('/') || method === 'TRACE') return failure(400, 'Bad Request')
  const body = await readBody(incoming)
  if (!body) return failure(413, `The request body is larger than ${MOST_BYTES} bytes.`)
  const left = new AbortController()
  outgoing.once('close', () => left.abort())
  const carriesBody = method !== 'GET' && method !== 'HEAD'
  return handler(
    new Request(`http://localhost${url}`, {
      method,
      headers: headersOf(incoming),
      signal: left.signal,
      ...(carriesBody && { body }),
    }),
  )
}

/** A body within its limit; `undefined` for a larger one, whose rest is not kept. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > MOST_BYTES) return undefined
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop must not end the connection, by which the answer is to go.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function respond(
  answered: Response | Promise<Response>,
  outgoing: ServerResponse,
  isLast: () => boolean,
): Promise<void> {
  const response = await Promise.resolve(answered).catch(() => failure(500, 'Internal Server Error'))
  if (outgoing.destroyed) return
  outgoing.statusCode = response.status
  outgoing.setHeaders(response.headers)
  if (isLast()) outgoing.setHeader('connection', 'close')
  // A client that is still sending hears nothing until it is done: what is left of its body is read, and dropped.
  if (!outgoing.req.complete) outgoing.req.resume()
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  return headers
}

const BUSY = (): Response =>
  failure(503, `More than ${MOST_AT_ONCE} requests are under way.`, { 'retry-after': '1' })

/** A failure in the API's own shape. */
export function failure(status: number, detail: string, headers: Record<string, string> = {}): Response {
  return Response.json({ detail }, { status, headers })
}
