import { isRerankError } from '../../index.ts'
import type { RerankClient, RerankError, RerankRequest, RerankResponse, RerankResult } from '../../index.ts'
import { collectBytes } from '../../shared/collect-bytes.ts'
import { createValueCounter } from '../../shared/json-values.ts'
import { createMask } from '../../shared/mask.ts'
import { failure } from './failure.ts'
import { refusalByKey } from './gate.ts'
import type { Handler } from './server.ts'

/** The keys of a server that forwards. */
export interface ForwarderKeys {
  /** The service's, which no caller gets to see. */
  service: string
  /** The callers' own, which goes nowhere; without one, anybody may call. */
  callers?: string | undefined
}

/** Values of a body: far more than any request has, and a bound for the memory that they take once parsed. */
const MOST_VALUES = 200_000

/** Forwards requests by a client, whose key stays where it is. */
export function createForwarder(client: RerankClient, keys: ForwarderKeys): Handler {
  const mask = createMask(() => [keys.service])

  async function forward(request: Request): Promise<Response> {
    const projectId = new URL(request.url).searchParams.get('ai_project_id') ?? undefined
    // The client checks what it is given, and the service the rest.
    const body = (await readJson(request)) as RerankRequest
    const { data, response } = await client.rerank.withResponse(body, { projectId, signal: request.signal })
    return Response.json(rebuilt(data, body.documents, mask), {
      status: response.status,
      headers: passedOn(response.headers),
    })
  }

  return async (request) => {
    const refusal = refusalByKey(request.headers.get('authorization') ?? '', keys.callers)
    if (refusal) return refusal
    // Pages of other origins can post plain text without asking; JSON takes leave that they don't get.
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
      return failure(415, 'The body must be application/json.')
    }
    try {
      return await forward(request)
    } catch (error) {
      if (isRerankError(error)) return responseOf(error)
      if (error instanceof TypeError || error instanceof SyntaxError) return failure(422, error.message)
      throw error
    }
  }
}

async function readJson(request: Request): Promise<unknown> {
  const count = createValueCounter()
  const bytes = collectBytes()
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    if (count(chunk) > MOST_VALUES)
      throw new TypeError(`The request body has more than ${MOST_VALUES} values`)
    bytes.add(chunk)
  }
  return JSON.parse(new TextDecoder().decode(bytes.all())) as unknown
}

/** The contract's fields alone. Texts are the caller's own, and not as they were echoed. */
function rebuilt(
  { id, model, usage, results }: RerankResponse,
  documents: readonly string[],
  mask: (text: string) => string,
): RerankResponse {
  const clean = (text: string): string => (mask(text) === text ? text : REDACTED)
  return {
    id: clean(id),
    model: clean(model),
    usage: { prompt_tokens: usage.prompt_tokens, total_tokens: usage.total_tokens },
    results: results.map(({ index, relevance_score, document }) => ({
      index,
      document: { text: documents[index] ?? '', ...multiModal(document) },
      relevance_score,
    })),
  }
}

function multiModal({ multi_modal }: RerankResult['document']): { multi_modal?: boolean | null } {
  return typeof multi_modal === 'boolean' || multi_modal === null ? { multi_modal } : {}
}

const REDACTED = '[redacted]'

/** The service's response, or a gateway's status where there was none. */
function responseOf({ kind, status = 0, body, message, headers }: RerankError): Response {
  const isError = status >= 400 && status <= 599
  const passed = isError ? status : kind === 'timeout' ? 504 : 502
  const shown = isError && typeof body === 'object' && body !== null ? body : { detail: message }
  return new Response(JSON.stringify(shown), {
    status: passed,
    headers: { ...Object.fromEntries(passedOn(headers)), 'content-type': 'application/json' },
  })
}

/** Headers about limits and the request, except those in which the client found a secret. */
function passedOn(headers: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(headers ?? {}).filter(
    ([name, value]) =>
      /^(?:retry-after(?:-ms)?|x-ratelimit-.+|x-request-id|x-inference-id)$/.test(name) &&
      !value.includes(REDACTED),
  )
}
