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

/**
 * A response with the same `ok` and a body that is safe to read whole. A success that is larger than
 * `maxResponseBytes` throws BodyTooLarge. Of an error there is what comes within 64 KiB and 5 seconds, or half of
 * `timeoutMs` if that is less, and before its connection breaks. Status and headers are the original's to tell.
 */
export function bounded(
  response: Response,
  { maxResponseBytes, timeoutMs }: { maxResponseBytes: number; timeoutMs: number },
): Response | Promise<Response> {
  const { body, ok } = response
  if (!body) return response
  if (!ok) return readBeginning(body, Math.min(LONGEST_ERROR_MS, timeoutMs / 2))
  return isBounded(response, maxResponseBytes) ? response : readWhole(body, maxResponseBytes)
}

/** Whether the length in the headers is a bound: it counts bytes on the wire, before they are unpacked. */
function isBounded({ headers }: Response, maxBytes: number): boolean {
  return Number(headers.get('content-length') ?? NaN) <= maxBytes && !headers.has('content-encoding')
}

async function readWhole(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Response> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.byteLength
    if (size > maxBytes) {
      letGo(reader)
      throw new BodyTooLarge(maxBytes)
    }
    chunks.push(read.value)
  }
  return new Response(new Blob(chunks))
}

async function readBeginning(body: ReadableStream<Uint8Array>, ms: number): Promise<Response> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  // A reader that is let go of has no more to read.
  const timer = setTimeout(() => letGo(reader), ms)
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      chunks.push(read.value)
      size += read.value.byteLength
      if (size >= LONGEST_ERROR_BODY) break
    }
  } catch {
    // What has come is enough to say what failed.
  } finally {
    clearTimeout(timer)
    letGo(reader)
  }
  return new Response(new Blob(chunks).slice(0, LONGEST_ERROR_BODY), { status: 500 })
}

function letGo(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  void reader.cancel().catch(() => undefined)
}
