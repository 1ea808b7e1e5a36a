import { excerpt, type Fault } from './faults.ts'
import { Refusal } from './refusal.ts'

/**
 * The JSON of a request's body; `null` when there is none. What a client does not call JSON is its text, as FastAPI
 * has it, and fails the contract's checks.
 */
export async function readJson(
  request: Request,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const text = await readText(request, maxBytes, signal)
  if (text === '') return null
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) return text
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(422, [syntaxFault(error, text)])
  }
}

const JSON_TYPE = /^\s*application\/(?:[^\s;]+\+)?json\s*(?:;|$)/i

async function readText(request: Request, maxBytes: number, signal?: AbortSignal): Promise<string> {
  const bytes = await readBytes(request, maxBytes, signal)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal(400, 'There was an error parsing the body')
  }
}

async function readBytes(request: Request, maxBytes: number, signal?: AbortSignal): Promise<ArrayBuffer> {
  const tooLarge = new Refusal(413, `The request body is larger than ${maxBytes} bytes.`)
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of read(request.body, signal)) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge
    chunks.push(chunk)
  }
  return new Blob(chunks).arrayBuffer()
}

/** The chunks of a body. An abort ends the wait for one; leaving early cancels the body. */
async function* read(body: Body | null, signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
  if (!body) return
  const reader = body.getReader()
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => undefined)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', cancel)
    cancel()
  }
}

type Body = ReadableStream<Uint8Array>

/** Not every runtime, and not every message, says where: then it is somewhere before the end. */
function syntaxFault(error: unknown, text: string): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const position = /at position (\d+)/.exec(message)?.[1]
  return {
    type: 'json_invalid',
    loc: ['body', Number(position ?? text.length)],
    msg: 'JSON decode error',
    input: {},
    ctx: { error: excerpt(message) },
  }
}
