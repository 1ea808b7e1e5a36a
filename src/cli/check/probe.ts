import { createRerankClient, isRerankError } from '../../index.ts'
import type { RerankClient } from '../../index.ts'
import { get } from '../get.ts'
import type { Got } from '../get.ts'
import { getModels } from '../models.ts'
import { UsageError } from '../terminal.ts'
import { CANARIES } from './canary.ts'
import type { CanaryScores } from './canary.ts'

/** The service to check, and the key and model to check it with. */
export interface Target {
  /** `undefined` where none is set. */
  apiKey: string | undefined
  baseUrl: string | undefined
  model: string | undefined
  timeoutMs: number
}

/** Facts seen of a service; a fact that is `undefined` was not asked for. */
export interface Facts {
  baseUrl: string
  model: string
  hasKey: boolean
  /** The reason why the key can't even be sent. */
  keyProblem?: string
  /** The list of models, or why the host did not answer. */
  models: Got | Error
  /** Milliseconds of a second request, over a connection that was open. */
  latencyMs?: number
  document?: Got | Error
  ranking?: CanaryScores | Error
  /** Headers of the last answer to a canary. */
  headers?: Headers
  /** Milliseconds by which the clock here is ahead of the service's. */
  skewMs?: number
}

/** Asks a service what it can tell. @throws UsageError for a base URL that can't be one */
export async function probe(target: Target): Promise<Facts> {
  const { apiKey, timeoutMs } = target
  const plain = clientFor(target, null)
  if (plain instanceof Error) throw new UsageError(plain.message, { cause: plain })
  const keyed = apiKey === undefined ? plain : clientFor(target, apiKey)
  const client = keyed instanceof Error ? plain : keyed
  const key = keyed instanceof Error ? null : (apiKey ?? null)
  const baseUrl = client.url.replace(/\/v1\/rerank$/, '')
  const facts = {
    baseUrl,
    model: client.model,
    hasKey: apiKey !== undefined,
    ...(keyed instanceof Error && { keyProblem: keyed.message }),
  }
  const asked = Date.now()
  const models = await attempt(getModels(client, { apiKey: key, timeoutMs }))
  if (models instanceof Error) return { ...facts, models }

  const rankable =
    models.status < 500 && !(models.status >= 300 && models.status < 400) && !('keyProblem' in facts)
  const seen = { headers: undefined as Headers | undefined }
  const watched = rankable ? clientFor(target, key, seen) : undefined
  const [again, document, ranking] = await Promise.all([
    attempt(getModels(client, { apiKey: key, timeoutMs })),
    attempt(get(`${baseUrl}/openapi.json`, { apiKey: null, timeoutMs })),
    watched && !(watched instanceof Error) ? attempt(rankCanaries(watched)) : undefined,
  ])
  const date = Date.parse(models.headers.get('date') ?? '')
  return {
    ...facts,
    models,
    document,
    ...(!(again instanceof Error) && { latencyMs: again.ms }),
    ...(ranking !== undefined && { ranking }),
    ...(seen.headers && { headers: seen.headers }),
    // A date has whole seconds, and was written at some time between the question and the answer.
    ...(Number.isFinite(date) && { skewMs: asked + models.ms / 2 - (date + 500) }),
  }
}

async function rankCanaries(client: RerankClient): Promise<CanaryScores> {
  const scores: number[][] = []
  let tokens = 0
  for (const { query, documents } of CANARIES) {
    const { ranked, usage } = await client.rank.withUsage(query, documents)
    const byPlace = documents.map((_, place) => ranked.find(({ index }) => index === place)?.score ?? NaN)
    scores.push(byPlace)
    tokens += usage.total_tokens
  }
  return { scores, tokens }
}

/** A client that asks once and notes the headers that come back, or the TypeError for its options. */
function clientFor(
  { baseUrl, model, timeoutMs }: Target,
  apiKey: string | null,
  seen?: { headers: Headers | undefined },
): RerankClient | Error {
  const watch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (seen) seen.headers = response.headers
    return response
  }
  try {
    return createRerankClient({
      apiKey,
      baseUrl,
      model,
      timeoutMs,
      maxRetries: 0,
      maxRetryAfterMs: 0,
      fetch: watch,
    })
  } catch (error) {
    if (error instanceof TypeError) return error
    throw error
  }
}

async function attempt<Value>(asked: Promise<Value>): Promise<Value | Error> {
  return asked.catch((error: unknown) => {
    if (isRerankError(error) || error instanceof Error) return error
    return new Error(String(error))
  })
}
