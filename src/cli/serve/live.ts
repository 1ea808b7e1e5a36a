import { createHash, timingSafeEqual } from 'node:crypto'
import { isRerankError } from '../../index.ts'
import type { RerankClient, RerankError, RerankRequest } from '../../index.ts'
import { failure } from './server.ts'
import type { Handler } from './server.ts'

/** Forwards requests by a client, whose key stays where it is. What callers send as a key is theirs, and goes nowhere. */
export function createForwarder(client: RerankClient, callersKey: string | undefined): Handler {
  return async (request) => {
    if (
      callersKey !== undefined &&
      !isSame(request.headers.get('authorization') ?? '', `Bearer ${callersKey}`)
    ) {
      return failure(401, 'Invalid authentication credentials', { 'www-authenticate': 'Bearer' })
    }
    // Pages of other origins can post plain text without asking; JSON takes leave that they don't get.
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
      return failure(415, 'The body must be application/json.')
    }
    try {
      return await forward(client, request)
    } catch (error) {
      if (isRerankError(error)) return answerOf(error)
      if (error instanceof TypeError || error instanceof SyntaxError) return failure(422, error.message)
      throw error
    }
  }
}

async function forward(client: RerankClient, request: Request): Promise<Response> {
  const projectId = new URL(request.url).searchParams.get('ai_project_id') ?? undefined
  // The client checks what it is given, and the service the rest.
  const body = (await request.json()) as RerankRequest
  const { data, response } = await client.rerank.withResponse(body, { projectId, signal: request.signal })
  return Response.json(data, { status: response.status, headers: passedOn(response.headers) })
}

/** What the service answered, or a gateway's status where it did not. */
function answerOf({ kind, status = 0, body, message, headers }: RerankError): Response {
  const isError = status >= 400 && status <= 599
  const passed = isError ? status : kind === 'timeout' ? 504 : 502
  const shown = isError && typeof body === 'object' && body !== null ? body : { detail: message }
  return Response.json(shown, { status: passed, headers: passedOn(headers ?? {}) })
}

function passedOn(headers: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(headers).filter(([name]) =>
    /^(?:retry-after(?:-ms)?|x-ratelimit-.+|x-request-id|x-inference-id)$/.test(name),
  )
}

/** In the same time, however much of it is right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
