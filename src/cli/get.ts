import type { NodeFetch, NodeHeaders, NodeResponse } from '../node/index.ts'

/** The result of a GET: a status with the body's JSON, `undefined` if the body is none. */
export interface Got {
  status: number
  headers: NodeHeaders
  body: unknown
  /** Milliseconds until the whole body was there. */
  ms: number
}

/** Options of a GET. */
export interface GetOptions {
  fetch: NodeFetch
  /** `null` sends none. */
  apiKey: string | null
  timeoutMs: number
}

/** The most of a body that is read, in bytes. */
const MOST_BYTES = 8 * 1024 * 1024

/** Asks for JSON. A redirect is not followed, so that the key stays with the host. @throws what `fetch` throws */
export async function get(url: string, { apiKey, fetch, timeoutMs }: GetOptions): Promise<Got> {
  const started = performance.now()
  const response = await fetch(url, {
    headers: { accept: 'application/json', ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }) },
    signal: AbortSignal.timeout(timeoutMs),
  })
  const { status, headers } = response
  const text = await textOf(response)
  return { status, headers, body: parsed(text), ms: performance.now() - started }
}

async function textOf({ body }: NodeResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the rest.
    if (bytes > MOST_BYTES) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
