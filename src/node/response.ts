import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { decoded } from './decode.ts'

/** The headers of a response, read by name. Node's own `Headers` would load all of its fetch. */
export interface NodeHeaders extends Iterable<[name: string, value: string]> {
  /** Returns the value of a header, several joined by `, `; `null` where it was not sent. */
  get(name: string): string | null
  /** Tells whether a header was sent. */
  has(name: string): boolean
}

/** A response as `createNodeFetch` resolves with it, as soon as its headers have come. */
export interface NodeResponse {
  /** HTTP status, redirects included: none is followed. */
  readonly status: number
  /** Set for a status from 200 to 299. */
  readonly ok: boolean
  /** The reason phrase. */
  readonly statusText: string
  /** The headers, as they were sent. */
  readonly headers: NodeHeaders
  /** The decoded bytes of the body, to be read once; `null` where the status allows none. */
  readonly body: AsyncIterableIterator<Uint8Array> | null
  /**
   * Reads the body whole, as UTF-8, however long it is.
   *
   * @throws TypeError when the connection ends before the body does; `signal.reason` after an abort.
   */
  readonly text: () => Promise<string>
}

/** Statuses whose responses have no body. */
const NO_BODY = new Set([101, 204, 205, 304])

/**
 * Makes the response of a message whose headers have come.
 *
 * @param aborted - Returns the reason of an abort, where there was one.
 */
export function toResponse(
  message: IncomingMessage,
  method: string,
  aborted: () => { reason: unknown } | undefined,
): NodeResponse {
  const { statusCode: status = 0, statusMessage: statusText = '' } = message
  const body = method === 'HEAD' || NO_BODY.has(status) ? null : new Body(message, aborted)
  // Whatever comes is passed over, so that the connection can be used again.
  if (!body) message.on('error', ignore).resume()
  return {
    status,
    ok: status >= 200 && status <= 299,
    statusText,
    headers: new MessageHeaders(message.headers),
    body,
    text: async () => (body ? body.text() : ''),
  }
}

class MessageHeaders implements NodeHeaders {
  readonly #record: IncomingMessage['headers']

  constructor(record: IncomingMessage['headers']) {
    this.#record = record
  }

  get(name: string): string | null {
    const key = name.toLowerCase()
    const value = Object.hasOwn(this.#record, key) ? this.#record[key] : undefined
    if (value === undefined) return null
    return typeof value === 'string' ? value : value.join(', ')
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const name of Object.keys(this.#record)) yield [name, this.get(name) ?? '']
  }
}

/** The body of a message. Its iterator can be returned from while it waits, which an async generator can't. */
class Body implements AsyncIterableIterator<Uint8Array> {
  readonly #stream: Readable
  readonly #aborted: () => { reason: unknown } | undefined
  #error: Error | undefined
  #isLeft = false

  constructor(message: IncomingMessage, aborted: () => { reason: unknown } | undefined) {
    this.#aborted = aborted
    this.#stream = decoded(message)
    this.#stream.on('error', (error) => (this.#error = error))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const stream = this.#stream
    return new Promise((resolve, reject) => {
      const take = (): boolean => {
        const value = this.#aborted() ? null : (stream.read() as Uint8Array | null)
        if (value !== null) resolve({ done: false, value })
        else if (this.#isLeft || stream.readableEnded) resolve({ done: true, value: undefined })
        else if (this.#aborted() || stream.destroyed) reject(this.#failure())
        else return false
        return true
      }
      if (take()) return
      const retake = (): void => {
        if (!take()) return
        for (const event of EVENTS) stream.off(event, retake)
      }
      for (const event of EVENTS) stream.on(event, retake)
    })
  }

  /** Lets go of the rest: its connection ends, unless all has come. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#isLeft = true
    this.#stream.destroy()
    return { done: true, value: undefined }
  }

  text(): Promise<string> {
    const stream = this.#stream
    // Text by chunks: all bytes together would be garbage that only a full collection frees.
    let text = ''
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        if (!stream.readableEnded) reject(this.#failure())
      }
      if (stream.destroyed) fail()
      stream
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => (this.#aborted() ? reject(this.#failure()) : resolve(withoutMark(text))))
        .on('close', fail)
    })
  }

  /** As fetch has it: the reason of an abort, or else a TypeError for what broke the body off. */
  #failure(): Error {
    const aborted = this.#aborted()
    if (aborted) return aborted.reason as Error
    // Node says "aborted" when the other side ends early, as if it had been us.
    const error = this.#error?.message === 'aborted' ? undefined : this.#error
    return new TypeError('terminated', { cause: error ?? endedEarly() })
  }
}

const EVENTS = ['readable', 'end', 'close'] as const

/** The failure of a connection that the other side ended. */
export function endedEarly(): Error {
  return Object.assign(new Error('other side closed'), { code: 'ECONNRESET' })
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
}

const BYTE_ORDER_MARK = 0xfeff

function ignore(): void {
  // Nobody reads on.
}
