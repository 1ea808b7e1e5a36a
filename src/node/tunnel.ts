import type https from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type tls from 'node:tls'
import { onAbort } from '../shared/abort.ts'
import { loadHttp, loadHttps, loadTls } from './load.ts'
import { bare, portOf } from './proxy.ts'

/** The way to a proxy. */
export interface ProxyAccess {
  url: URL
  /** The certificates to trust where the proxy speaks TLS, and what resolves its name. */
  options: Pick<https.RequestOptions, 'ca' | 'lookup'>
}

/** Options of a request for an agent, besides those that Node knows. */
export interface TunnelRequestOptions extends https.RequestOptions {
  /** Ends the making of a connection. */
  connectSignal?: AbortSignal | undefined
}

/** Makes an agent whose connections lead through a proxy. */
export function createTunnelAgent(proxy: ProxyAccess, options: https.AgentOptions): https.Agent {
  const agent = new (loadHttps().Agent)(options)
  return Object.assign(agent, {
    /** Called by Node for a connection to a service. */
    createConnection(
      request: TunnelRequestOptions & tls.ConnectionOptions,
      callback: (error: Error | null, socket?: Duplex) => void,
    ): undefined {
      const { connectSignal, host = '', port = 443 } = request
      connect(proxy, `${host.includes(':') ? `[${host}]` : host}:${port}`, connectSignal)
        .then((socket) => loadTls().connect({ ...request, socket }))
        .then((socket) => callback(null, socket), callback)
    },
  })
}

/** The header by which a proxy knows its user; nothing where its URL names none. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** A connection to a host through a proxy. What goes wrong names no credentials. */
function connect(
  { url, options }: ProxyAccess,
  target: string,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? loadHttps() : loadHttp()).request({
      ...options,
      agent: false,
      method: 'CONNECT',
      host: bare(url.hostname),
      port: portOf(url),
      path: target,
      headers: { host: target, connection: 'keep-alive', ...proxyAuthorization(url) },
    })
    const forget = signal && onAbort(signal, () => request.destroy(new Error('aborted')))
    request
      .on('connect', ({ statusCode = 0 }, socket: Socket) => {
        if (statusCode >= 200 && statusCode <= 299) resolve(socket)
        else {
          socket.destroy()
          reject(proxyRefusal(statusCode))
        }
      })
      .on('error', reject)
      .on('close', () => forget?.())
      .end()
  })
}

function proxyRefusal(status: number): Error {
  const why = status === 407 ? ' (it asks for a user name and password, or for others)' : ''
  return Object.assign(new Error(`the proxy responded to CONNECT with ${status}${why}`), {
    code: 'ERR_PROXY_TUNNEL',
  })
}
