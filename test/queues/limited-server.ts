import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { RerankRequest } from '../../src/index.ts'
import { answerTo } from '../helpers/rerank.ts'
import { fillBucket } from '../bulk/token-bucket.ts'
import type { Bucket } from '../bulk/token-bucket.ts'

/** A loopback server that admits what its bucket holds and answers 429 to the rest. */
export interface LimitedServer extends AsyncDisposable {
  readonly url: string
  /** The queries of the requests that were admitted, in order. */
  readonly admitted: readonly string[]
  readonly refused: number
  /** How many it could have admitted between its first request and its last. */
  readonly admissible: number
}

/** Serves the bucket on a free port; `refusal` makes the headers of a 429 of the milliseconds until there is room. */
export async function serveLimited(
  bucket: Bucket,
  refusal: (ms: number) => Record<string, string> = () => ({}),
): Promise<LimitedServer> {
  const admitted: string[] = []
  let refused = 0
  const tokens = fillBucket(bucket, () => performance.now())
  const server = createServer((incoming, response) => {
    const waitMs = tokens.take()
    void text(incoming).then((body) => {
      const request = JSON.parse(body) as RerankRequest
      if (waitMs > 0) {
        refused += 1
        response.writeHead(429, refusal(waitMs)).end('{"detail":"slow down"}')
        return
      }
      admitted.push(request.query)
      response.writeHead(200).end(JSON.stringify(answerTo(request)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    admitted,
    get refused() {
      return refused
    },
    get admissible() {
      return tokens.admissible
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
