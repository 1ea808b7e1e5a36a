/** Thrown for a success whose body is larger than it may be; worded to follow "answered 200 with". */
export class BodyTooLarge extends Error {
  readonly response: Response

  constructor(response: Response, maxBytes: number) {
    super(`more than ${maxBytes} bytes (maxResponseBytes)`)
    this.response = response
  }
}

/** An error's body is only quoted, so this much of it is enough. */
export const LONGEST_ERROR_BODY = 64 * 1024

/**
 * A response with the same `ok` and a body that is safe to read whole: an error's is cut at 64 KiB, a larger
 * success than `maxBytes` throws BodyTooLarge. Status and headers are the original's to tell.
 */
export async function bounded(response: Response, maxBytes: number): Promise<Response> {
  const limit = response.ok ? maxBytes : LONGEST_ERROR_BODY
  // `content-length` counts the bytes on the wire: it bounds nothing that is still to be unpacked.
  const declared = Number(response.headers.get('content-length') ?? NaN)
  if (!response.body || (declared <= limit && !response.headers.has('content-encoding'))) return response

  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value)
    size += read.value.byteLength
    if (size <= limit) continue
    void reader.cancel().catch(() => undefined)
    if (response.ok) throw new BodyTooLarge(response, maxBytes)
    break
  }
  return new Response(new Blob(chunks).slice(0, limit), { status: response.ok ? 200 : 500 })
}
