import { collectBytes } from '../shared/collect-bytes.ts'
import { createValueCounter } from '../shared/json-values.ts'
import { excerpt, type Fault } from './faults.ts'
import { Refusal } from './refusal.ts'

/** The bounds of a body. */
export interface BodyBounds {
  maxBodyBytes: number
  maxDocuments: number
}

/**
 * The JSON of a request's body, by its text; `null` when there is none. A body that a client does not call JSON is its
 * text, as FastAPI has it, and fails the contract's checks.
 */
export function parseJson(request: Request, text: string): unknown {
  if (text === '') return null
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) return text
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(422, [syntaxFault(error, text)])
  }
}

const JSON_TYPE = /^\s*application\/(?:[^\s;]+\+)?json\s*(?:;|$)/i

/** Values beside the documents: parsed, a megabyte of tiny ones is a hundred. */
const OTHER_VALUES = 10_000

/** The text of a request's body, within bounds. */
export async function readText(
  request: Request,
  { maxBodyBytes, maxDocuments }: BodyBounds,
  signal: AbortSignal | undefined,
): Promise<string> {
  const tooLarge = new Refusal(413, `The request body is larger than ${maxBodyBytes} bytes.`)
  if (Number(request.headers.get('content-length')) > maxBodyBytes) throw tooLarge
  const valuesUpTo = createValueCounter()
  const maxValues = maxDocuments + OTHER_VALUES
  const bytes = collectBytes()
  for await (const chunk of read(request.body, signal)) {
    if (bytes.add(chunk) > maxBodyBytes) throw tooLarge
    if (valuesUpTo(chunk) > maxValues) {
      throw new Refusal(413, `The request body has more than ${maxValues} values.`)
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.all())
  } catch {
    throw new Refusal(400, 'There was an error parsing the body')
  }
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
