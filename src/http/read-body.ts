import { UnusableResponse } from '../api/response.ts'
import type { FetchResponse } from '../options/types.ts'
import { wait } from '../shared/abort.ts'
import { LONGEST } from '../shared/mask.ts'
import { property } from '../shared/property.ts'
import { invalid } from '../shared/validate.ts'

/** The longest wait for an error's body: status and headers have said the most of it. */
const ERROR_BODY_MS = 5000

/** The chunks after which timers get their turn: where chunks are always there, they would never. */
const CHUNKS_A_TURN = 1000

/** The bounds of a body. */
export interface Bounds {
  maxResponseBytes: number
  timeoutMs: number
}

interface Chunk {
  done?: boolean | undefined
  value?: unknown
}

/** Chunks of a body one after the other, and a way to let go of the rest. */
interface Reader {
  read(): Promise<Chunk>
  cancel(): unknown
}

/**
 * Reads the text of a response within bounds. Of an error that is what comes within 64 KiB and 5 seconds, or half of
 * `timeoutMs` if that is less, and before its connection breaks.
 *
 * @param seesHeaders - Set where no header is hidden: of other origins, a browser hides that a body is packed.
 * @throws UnusableResponse for a success that is larger than `maxResponseBytes`, and whatever breaks off its body
 */
export async function readText(
  response: FetchResponse,
  bounds: Bounds,
  seesHeaders: boolean,
  signal?: AbortSignal,
): Promise<string> {
  const { body, ok } = response
  if (body === null) return ''
  const most = ok ? bounds.maxResponseBytes : LONGEST
  const reader = ok && seesHeaders && declaredLength(response) <= most ? undefined : readerOf(body)
  // React Native's responses, for one, have no stream.
  if (!reader) {
    const text = await response.text()
    if (ok && text.length > most) throw tooLarge(most)
    return text.slice(0, most)
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  const timeIsUp = new Promise<Chunk>((resolve) => {
    if (!ok) timer = setTimeout(() => resolve({ done: true }), Math.min(ERROR_BODY_MS, bounds.timeoutMs / 2))
  })
  const decoder = new TextDecoder()
  let text = ''
  let left = most
  try {
    for (let chunks = 1; ok || left > 0; chunks++) {
      if (chunks % CHUNKS_A_TURN === 0) await wait(0, signal)
      const { done, value } = await (ok ? reader.read() : Promise.race([timeIsUp, reader.read()]))
      if (done) return text + decoder.decode()
      const chunk = bytesOf(value)
      if (ok && chunk.byteLength > left) throw tooLarge(most)
      text += decoder.decode(chunk.subarray(0, left), { stream: true })
      left -= chunk.byteLength
    }
  } catch (error) {
    // What has come of an error is enough to say what failed.
    if (ok) throw error
  } finally {
    clearTimeout(timer)
    void Promise.resolve(reader.cancel()).catch(() => undefined)
  }
  return text
}

/** The bytes of a chunk. A stream of Node gives texts where an encoding was set, and others give buffers. */
function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk)
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  // A buffer may come of another realm.
  if (Array.isArray(chunk) || typeof property(chunk, 'byteLength') === 'number')
    return new Uint8Array(chunk as ArrayBuffer)
  return invalid('a chunk of the body', 'bytes or text', chunk)
}

function tooLarge(maxBytes: number): UnusableResponse {
  return new UnusableResponse(`its body is larger than ${maxBytes} bytes`, 'Raise maxResponseBytes.')
}

/** The length that the headers state, which of a packed body is none. */
function declaredLength({ headers }: FetchResponse): number {
  return headers.get('content-encoding') === null ? Number(headers.get('content-length') ?? NaN) : NaN
}

/** A reader of a web stream, or of anything that can be iterated over, as Node's streams are. */
function readerOf(body: unknown): Reader | undefined {
  // Jest's jsdom, for one, has no decoder for what is read in chunks.
  if (typeof body !== 'object' || body === null || typeof TextDecoder === 'undefined') return undefined
  if ('getReader' in body) return (body as { getReader: () => Reader }).getReader()
  if (!(Symbol.asyncIterator in body)) return undefined
  const iterator = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]()
  const { destroy } = body as { destroy?: () => void }
  return {
    read: () => iterator.next(),
    // An iterator returns only when its read has ended; a stream can be destroyed at once.
    cancel: () => (destroy ? destroy.call(body) : iterator.return?.()),
  }
}
