import { once } from 'node:events'
import { createServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createCA, createCert } from 'mkcert'
import { onTestFinished } from 'vitest'
import type { RerankRequest } from '../../src/index.ts'
import { property } from '../../src/shared/property.ts'
import { answerTo } from './rerank.ts'

/** PEM of a certificate and its key. */
export interface Certificate {
  cert: string
  key: string
}

/** An authority that nobody knows. */
export function makeAuthority(): Promise<Certificate> {
  return createCA({
    organization: 'Test',
    countryCode: 'DE',
    state: 'State',
    locality: 'Town',
    validity: 2,
  })
}

/** A certificate of an authority for some hosts, from now on for so many days. */
export function issue(ca: Certificate, domains: readonly string[], validity = 1): Promise<Certificate> {
  return createCert({ ca, domains: [...domains], validity })
}

/** Serves the endpoint over TLS; resolves with its port, and who called, by the name in their certificate. */
export async function serveTls(options: ServerOptions): Promise<{ port: number; callers: unknown[] }> {
  const callers: unknown[] = []
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = incoming
    const certificate =
      'getPeerCertificate' in socket ? (socket.getPeerCertificate as () => unknown).call(socket) : undefined
    callers.push(property(property(certificate, 'subject'), 'CN'))
    const body = JSON.stringify(answerTo(JSON.parse(await text(incoming)) as RerankRequest))
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body)
  }
  const server = createServer(options, (incoming, response) => void respond(incoming, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, callers }
}
