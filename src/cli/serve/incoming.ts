import type { IncomingMessage } from 'node:http'
import { failure } from './failure.ts'
import type { ServerLimits } from './limits.ts'
import type { Exchange, Traffic } from './traffic.ts'

/** A body that is not read to its end, with the response that says why. */
export class BodyError extends Error {
  readonly response: Response

  constructor(response: Response) {
    super('The body is not read to its end')
    this.response = response
  }
}

/** Where a body is read. */
export interface BodyReader {
  limits: ServerLimits
  traffic: Pick<Traffic, 'bytes'>
  exchange: Exchange
  /** Asks a client that waits for `100 Continue` to send. */
  invite: () => void
}

/** The request of a message. Its body is read only on demand. */
export function requestOf(incoming: IncomingMessage, reader: BodyReader): Request {
  const { method = 'GET', url = '/' } = incoming
  const carriesBody = method !== 'GET' && method !== 'HEAD'
  return new Request(`http://localhost${url}`, {
    method,
    headers: headersOf(incoming),
    signal: reader.exchange.signal,
    ...(carriesBody && { body: bodyOf(incoming, reader), duplex: 'half' }),
  })
}

function bodyOf(incoming: IncomingMessage, reader: BodyReader): ReadableStream<Uint8Array> {
  const chunks = chunksOf(incoming, reader)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => void chunks.return(),
    },
    { highWaterMark: 0 },
  )
}

async function* chunksOf(
  incoming: IncomingMessage,
  { limits, traffic, exchange, invite }: BodyReader,
): AsyncGenerator<Uint8Array, void> {
  const assertFits = (bytes: number, more: number): void => {
    if (bytes > limits.bodyBytes) {
      throw new BodyError(failure(413, `The request body is larger than ${limits.bodyBytes} bytes.`))
    }
    if (traffic.bytes + more > limits.bytesInFlight) {
      const detail = `The bodies of all requests in flight are larger than ${limits.bytesInFlight} bytes.`
      throw new BodyError(failure(503, detail, { 'retry-after': '1' }))
    }
  }
  const announced = Number(incoming.headers['content-length'] ?? 0)
  assertFits(announced, announced)
  invite()
  let size = 0
  // Leaving the loop must not end the connection, by which the response is to go.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    assertFits(size, chunk.byteLength)
    exchange.hold(chunk.byteLength)
    yield chunk
  }
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value)
  }
  return headers
}
