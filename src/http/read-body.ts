import type { FetchResponse } from '../options/types.ts'

/** A success whose body is larger than it may be; its message follows "returned 200, but". */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`its body is larger than ${maxBytes} bytes (maxResponseBytes)`)
  }
}

/** The most bytes of an error's body that are read: it is only quoted. */
export const ERROR_BODY_BYTES = 64 * 1024

/** The longest wait for an error's body: status and headers have said the most of it. */
const ERROR_BODY_MS = 5000

/**
 * Reads the text of a response within bounds. Of an error that is what comes within 64 KiB and 5 seconds, or half of
 * `timeoutMs` if that is less, and before its connection breaks.
 * @throws BodyTooLarge for a success that is larger than `maxResponseBytes`, and whatever breaks off its body
 */
export async function readText(
  response: FetchResponse,
  { maxResponseBytes, timeoutMs }: { maxResponseBytes: number; timeoutMs: number },
): Promise<string> {
  const { body, ok } = response
  if (body === null) return ''
  if (ok && isBounded(response, maxResponseBytes)) return response.text()
  const reader = readerOf(body)
  // React Native's responses, for one, have no stream.
  if (!reader) return readAtOnce(response, maxResponseBytes)
  return ok
    ? readWhole(reader, maxResponseBytes)
    : readBeginning(reader, Math.min(ERROR_BODY_MS, timeoutMs / 2))
}

/** Tells whether the length in the headers is a bound: it counts bytes on the wire, before they are unpacked. */
function isBounded({ headers, type }: FetchResponse, maxBytes: number): boolean {
  // A browser hides headers of other origins, and may hide that the body is packed.
  if (type === 'cors' || headers.get('content-encoding') !== null) return false
  return Number(headers.get('content-length') ?? NaN) <= maxBytes
}

/** Chunks of a body one after the other, and a way to let go of the rest. */
interface Reader {
  read(): Promise<{ done?: boolean | undefined; value?: unknown }>
  cancel(): unknown
}

/** A reader of a web stream, or of anything that can be iterated over, as Node's streams are. */
function readerOf(body: FetchResponse['body']): Reader | undefined {
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

async function readAtOnce(response: FetchResponse, maxBytes: number): Promise<string> {
  const text = await response.text()
  if (!response.ok) return text.slice(0, ERROR_BODY_BYTES)
  if (text.length > maxBytes) throw new BodyTooLarge(maxBytes)
  return text
}

async function readWhole(reader: Reader, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const chunk = next.value as Uint8Array
    size += chunk.byteLength
    if (size > maxBytes) {
      letGo(reader)
      throw new BodyTooLarge(maxBytes)
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

async function readBeginning(reader: Reader, ms: number): Promise<string> {
  const decoder = new TextDecoder()
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeIsUp = new Promise<{ done: true }>((resolve) => {
    timer = setTimeout(() => resolve({ done: true }), ms)
  })
  let text = ''
  let left = ERROR_BODY_BYTES
  try {
    while (left > 0) {
      const next: { done?: boolean | undefined; value?: unknown } = await Promise.race([
        reader.read(),
        timeIsUp,
      ])
      if (next.done) break
      const chunk = next.value as Uint8Array
      text += decoder.decode(chunk.subarray(0, left), { stream: true })
      left -= chunk.byteLength
    }
  } catch {
    // What has come is enough to say what failed.
  } finally {
    clearTimeout(timer)
    letGo(reader)
  }
  return text
}

function letGo(reader: Reader): void {
  void Promise.resolve(reader.cancel()).catch(() => undefined)
}
