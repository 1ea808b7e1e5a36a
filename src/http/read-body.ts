/** Thrown for a success whose body is larger than it may be; worded to follow "answered 200 with". */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes (maxResponseBytes)`)
  }
}

/** An error's body is only quoted, so this much of it is enough. */
export const LONGEST_ERROR_BODY = 64 * 1024

/** How long an error's body is waited for: status and headers have said the most of it. */
const LONGEST_ERROR_MS = 5000

/** What is read of a response. */
interface Readable extends Pick<Response, 'ok' | 'headers' | 'text'> {
  readonly body?: ReadableStream<Uint8Array> | null
}

/**
 * The text of a response, within bounds. Of an error there is what comes within 64 KiB and 5 seconds, or half of
 * `timeoutMs` if that is less, and before its connection breaks.
 * @throws BodyTooLarge for a success that is larger than `maxResponseBytes`, and whatever breaks off its body
 */
export async function readText(
  response: Readable,
  { maxResponseBytes, timeoutMs }: { maxResponseBytes: number; timeoutMs: number },
): Promise<string> {
  const { body, ok } = response
  if (body === null) return ''
  // As in React Native, whose responses have no stream.
  if (body === undefined) return readAtOnce(response, maxResponseBytes)
  if (!ok) return readBeginning(body, Math.min(LONGEST_ERROR_MS, timeoutMs / 2))
  return isBounded(response, maxResponseBytes) ? response.text() : readWhole(body, maxResponseBytes)
}

/** Whether the length in the headers is a bound: it counts bytes on the wire, before they are unpacked. */
function isBounded({ headers }: Readable, maxBytes: number): boolean {
  return Number(headers.get('content-length') ?? NaN) <= maxBytes && !headers.has('content-encoding')
}

async function readAtOnce(response: Readable, maxBytes: number): Promise<string> {
  const text = await response.text()
  if (!response.ok) return text.slice(0, LONGEST_ERROR_BODY)
  if (text.length > maxBytes) throw new BodyTooLarge(maxBytes)
  return text
}

async function readWhole(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength
    if (size > maxBytes) {
      letGo(reader)
      throw new BodyTooLarge(maxBytes)
    }
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}

async function readBeginning(body: ReadableStream<Uint8Array>, ms: number): Promise<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let left = LONGEST_ERROR_BODY
  // A reader that is let go of has no more to read.
  const timer = setTimeout(() => letGo(reader), ms)
  try {
    while (left > 0) {
      const { done, value } = await reader.read()
      if (done) break
      text += decoder.decode(value.subarray(0, left), { stream: true })
      left -= value.byteLength
    }
  } catch {
    // What has come is enough to say what failed.
  } finally {
    clearTimeout(timer)
    letGo(reader)
  }
  return text
}

function letGo(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  void reader.cancel().catch(() => undefined)
}
