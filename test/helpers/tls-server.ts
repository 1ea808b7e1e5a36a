import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
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

/** A certificate for this machine that an authority has not signed itself, but by another certificate of its own. */
export async function issueWithIntermediate(): Promise<{
  root: string
  leaf: Certificate & { intermediate: string }
}> {
  const dir = await mkdtemp(join(tmpdir(), 'nebius-rerank-tls-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: dir })
  const make = async (name: string, issuer: string | undefined, ...extensions: string[]): Promise<void> => {
    await openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`],
      ...(issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`]),
      ...extensions.flatMap((extension) => ['-addext', extension]),
    )
  }
  const isAuthority = 'basicConstraints=critical,CA:TRUE'
  await make('root', undefined, isAuthority)
  await make('intermediate', 'root', isAuthority)
  await make('leaf', 'intermediate', 'subjectAltName=IP:127.0.0.1')
  const read = (file: string): Promise<string> => readFile(join(dir, file), 'utf8')
  const [root, intermediate, cert, key] = await Promise.all(
    ['root.pem', 'intermediate.pem', 'leaf.pem', 'leaf.key'].map(read),
  )
  return {
    root: String(root),
    leaf: { cert: String(cert), key: String(key), intermediate: String(intermediate) },
  }
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
