import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'

/** A proxy on loopback, to which all hosts are this machine. */
export interface ProxyServer {
  readonly url: string
  /** What it was asked for, a line each: `CONNECT host:port` or `POST http://host/path`. */
  readonly asked: string[]
  /** The credentials that came with each. */
  readonly credentials: (string | undefined)[]
  /** Connections to it that are open. */
  readonly open: () => number
}

/** How a proxy behaves. */
export interface ProxyOptions {
  /** What it answers `CONNECT` with, or nothing at all. @default 200 */
  status?: number | 'silence'
  /** Makes it speak TLS. */
  tls?: { cert: string; key: string }
}

/** Serves a proxy that tunnels, and forwards what comes in plain http. */
export async function serveProxy({ status = 200, tls }: ProxyOptions = {}): Promise<ProxyServer> {
  const asked: string[] = []
  const credentials: (string | undefined)[] = []
  const sockets = new Set<Duplex>()

  const note = ({ method = '', url = '', headers }: IncomingMessage): void => {
    asked.push(`${method} ${url}`)
    credentials.push(headers['proxy-authorization'])
  }
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    note(incoming)
    const { pathname, search, port } = new URL(incoming.url ?? '')
    const { method, headers } = incoming
    const onward = httpRequest({ host: '127.0.0.1', port, path: pathname + search, method, headers })
    onward.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 0, response.headers)
      response.pipe(outgoing)
    })
    incoming.pipe(onward)
  }
  const tunnel = (incoming: IncomingMessage, client: Duplex, head: Buffer): void => {
    note(incoming)
    client.on('error', () => undefined)
    if (status === 'silence') return void client.on('end', () => client.end()).resume()
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const service = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      service.write(head)
      service.pipe(client).pipe(service)
    })
    service.on('error', () => client.destroy())
    client.on('close', () => service.destroy())
  }

  const server: Server = tls ? createTlsServer(tls, forward) : createServer(forward)
  server.on('connect', tunnel)
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked,
    credentials,
    open: () => sockets.size,
  }
}
