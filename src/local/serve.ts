import type http from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createLocalReranker, type LocalReranker } from './handler.ts'
import { resolveServer, type LocalServerOptions } from './options.ts'
import { jsonResponse } from './respond.ts'

/** A running endpoint. */
export interface LocalServer extends AsyncDisposal {
  /** The URL of the endpoint, for a client's `baseUrl`. */
  readonly url: string
  /** The TCP port that the endpoint listens on. */
  readonly port: number
  /** Stops listening, and closes all connections. */
  readonly close: () => Promise<void>
}

/** `[Symbol.asyncDispose]`, which calls `close`, for `await using`. Absent if your TypeScript library does not know it. */
export type AsyncDisposal = typeof Symbol extends { readonly asyncDispose: infer Key extends symbol }
  ? Readonly<Record<Key, () => Promise<void>>>
  : object

/**
 * Serves the endpoint of `createLocalReranker` on a TCP port, by default a free port of 127.0.0.1.
 * @throws TypeError for an option of the wrong type or range.
 * @throws Error if it cannot listen on the address, or if the runtime has no `node:http`. Node, Bun and Deno have it.
 * @example
 * const server = await serveLocalReranker()
 * const client = createRerankClient({ baseUrl: server.url, apiKey: 'any' })
 * await server.close()
 */
export async function serveLocalReranker(options?: LocalServerOptions): Promise<LocalServer> {
  const { port, host, ...endpoint } = resolveServer(options)
  const handler = createLocalReranker(endpoint)
  const server = nodeHttp().createServer((request, response) => void respond(handler, request, response))
  const bound = await listen(server, port, host)

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= end(server))
  return { url: `http://${callable(host)}:${bound}`, port: bound, close, [Symbol.asyncDispose]: close }
}

/** `node:http`, loaded at run time, so that the endpoint can be bundled for runtimes without it. */
function nodeHttp(): typeof http {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> }
  const found = process?.getBuiltinModule?.('node:http')
  if (found === undefined)
    throw new Error('serveLocalReranker needs node:http, which this runtime does not have')
  return found
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message
      reject(new Error(`Can't listen on ${host}:${port}: ${reason}`, { cause }))
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function end(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })
}

/** Addresses that stand for all interfaces, and an address to call instead. */
const EVERY = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

function callable(host: string): string {
  const address = EVERY.get(host) ?? host
  return address.includes(':') ? `[${address}]` : address
}

/** Responds to a request. If the client disconnects before the end of its body, reading the body fails and work ends. */
async function respond(
  handler: LocalReranker,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const answer = await call(handler, incoming).catch(() =>
    jsonResponse(500, { detail: 'Internal Server Error' }),
  )
  outgoing.statusCode = answer.status
  outgoing.setHeaders(answer.headers)
  outgoing.end(await answer.text())
}

async function call(handler: LocalReranker, incoming: IncomingMessage): Promise<Response> {
  const { method = 'GET', url = '/' } = incoming
  // The target may also be a whole URL, or `*`. `//path` must not be read as a host.
  const target = url.startsWith('/') ? `http://localhost${url}` : url
  if (!isCallable(target) || method === 'TRACE') return jsonResponse(400, { detail: 'Bad Request' })
  const body =
    method === 'GET' || method === 'HEAD' ? undefined : { body: readable(incoming), duplex: 'half' as const }
  return handler(target, { method, headers: headersOf(incoming), ...body })
}

/** True for a target that is a valid URL of a web server, as `Request` requires. */
function isCallable(target: string): boolean {
  if (!URL.canParse(target)) return false
  const { protocol, username, password } = new URL(target)
  return ['http:', 'https:'].includes(protocol) && username === '' && password === ''
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  return headers
}

/** The body. Unlike with `Readable.toWeb`, cancelling it keeps the connection, so that a 413 reaches the client. */
function readable(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let isOpen = true
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (chunk: Uint8Array) => {
        if (!isOpen) return
        controller.enqueue(chunk)
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
      })
      incoming.once('end', () => isOpen && controller.close())
      incoming.once('error', (error) => isOpen && controller.error(error))
    },
    pull: () => void incoming.resume(),
    cancel: () => {
      isOpen = false
      incoming.resume()
    },
  })
}
