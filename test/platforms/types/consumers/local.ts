import { createRerankClient } from 'nebius-rerank'
import { createLocalReranker, serveLocalReranker } from 'nebius-rerank/local'
import type { LocalReranker, LocalServer, LocalServerOptions } from 'nebius-rerank/local'

const handler: LocalReranker = createLocalReranker({ models: ['a'], maxBodyBytes: 1000, cors: true })
export const client = createRerankClient({ fetch: handler, apiKey: handler.apiKey })
export const response: Promise<Response> = handler('http://local/v1/rerank', { method: 'POST' })

const options: LocalServerOptions = { port: 0, host: undefined }
export const url: Promise<string> = serveLocalReranker(options).then(async (server: LocalServer) => {
  await server.close()
  return server.url
})

// @ts-expect-error a port is a number
void serveLocalReranker({ port: '0' })
// @ts-expect-error a handler has no URL
export const nowhere: string = handler.url
