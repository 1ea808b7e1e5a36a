import type http from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createLocalReranker, type LocalReranker } from './handler.ts'
import { resolveServer, type LocalServerOptions } from './options.ts'
import { jsonResponse } from './respond.ts'

/** A running endpoint. */
export interface LocalServer extends AsyncDisposal {
  /** The base URL for a client. */
  readonly url: string
  /** The port that it listens on. */
  readonly port: number
  /** Stops listening and ends all connections, idle or not. */
  readonly close: () => Promise<void>
}

/** `[Symbol.asyncDispose]`, which closes too, for `await using`; only where the reader's own library knows it. */
export type AsyncDisposal = typeof Symbol extends { readonly asyncDispose: infer Key extends symbol }
  ? Readonly<Record<Key, () => Promise<void>>>
  : object

/**
 * Puts the endpoint of `createLocalReranker` on a TCP port, by default a free one of 127.0.0.1.
 * @throws TypeError for an option of the wrong type or range.
 * @throws Error when the address can't be listened on, and where there is no `node:http`, which Node, Bun and Deno have.
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

/** Asked of the runtime and not imported, so that the endpoint can be bundled for where there is none. */
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

/** Addresses that mean every interface are not addresses to call. */
const EVERY = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

function callable(host: string): string {
  const address = EVERY.get(host) ?? host
  return address.includes(':') ? `[${address}]` : address
}

/** A client that leaves before its body has ended ends the work: the body fails, and nobody reads the response. */
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
  // The target may also be a whole URL, or `*`. A request for `//path` must not become one for a host.
  const target = url.startsWith('/') ? `http://localhost${url}` : url
  if (!isCallable(target) || method === 'TRACE') return jsonResponse(400, { detail: 'Bad Request' })
  const body =
    method === 'GET' || method === 'HEAD' ? undefined : { body: readable(incoming), duplex: 'half' as const }
  return handler(target, { method, headers: headersOf(incoming), ...body })
}

/** Tells that a target makes a `Request`, and one for a web server. */
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

/** The body. Cancelling it keeps the connection, unlike with `Readable.toWeb`, so that a 413 reaches its client. */
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
