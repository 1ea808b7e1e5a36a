import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/** A loopback server that plays upstream for one test. */
export interface UpstreamServer {
  /** Its address, without a path. */
  readonly url: string
  /** The paths asked for so far. */
  readonly requests: readonly string[]
}

/** Answers a request; the last of several answers goes on answering. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** Serves answers one after the other on a free loopback port, until the test has finished. */
export async function serveUpstream(...answers: readonly [Answer, ...Answer[]]): Promise<UpstreamServer> {
  const requests: string[] = []
  const listener: RequestListener = (request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? answers[0]
    requests.push(request.url ?? '')
    answer(response, request)
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, requests }
}

/** Answers with a body. */
export function body(text: string | Uint8Array, type = 'application/json', status = 200): Answer {
  return (response) => response.writeHead(status, { 'content-type': type }).end(text)
}

/** Answers with a status alone. */
export function status(code: number): Answer {
  return (response) => response.writeHead(code).end()
}

/** Redirects to another address. */
export function redirect(location: string, code = 302): Answer {
  return (response) => response.writeHead(code, { location }).end()
}
