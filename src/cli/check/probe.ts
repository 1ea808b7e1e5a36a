import { createRerankClient, isRerankError } from '../../index.ts'
import type { ClientOptions, RerankClient } from '../../index.ts'
import { createNodeFetch } from '../../node/index.ts'
import type { NodeFetch, NodeHeaders } from '../../node/index.ts'
import { usable } from '../client.ts'
import { get } from '../get.ts'
import type { Got } from '../get.ts'
import { getModels } from '../models.ts'
import { CANARIES } from './canary.ts'
import type { CanaryScores } from './canary.ts'

/** The service to check, and the key and model to check it with. */
export interface Target {
  /** `undefined` if none is set. */
  apiKey: string | undefined
  baseUrl: string | undefined
  model: string | undefined
  timeoutMs: number
}

/** Facts about a service. A fact that is `undefined` was not collected. */
export interface Facts {
  baseUrl: string
  model: string
  hasKey: boolean
  /** The reason why the key cannot be sent. */
  keyProblem?: string
  /** The origin of the proxy that the host is reached by. */
  proxy: string | undefined
  /** The list of models, or why the host did not respond. */
  models: Got | Error
  /** Milliseconds of a second request, over a connection that was open. */
  latencyMs?: number
  document?: Got | Error
  ranking?: CanaryScores | Error
  /** Headers of the last response to a canary. */
  headers?: NodeHeaders
  /** Milliseconds by which the clock here is ahead of the service's. */
  skewMs?: number
}

/** Collects facts about a service. @throws UsageError for an invalid base URL */
export async function probe(target: Target): Promise<Facts> {
  const { apiKey, timeoutMs } = target
  const fetch = usable(() => createNodeFetch({ proxy: true }))
  const plain = usable(() => clientFor(target, null, fetch))
  const keyed = apiKey === undefined ? plain : keyedClient(target, apiKey, fetch)
  const client = keyed instanceof Error ? plain : keyed
  const key = keyed instanceof Error ? null : (apiKey ?? null)
  const baseUrl = client.url.replace(/\/v1\/rerank$/, '')
  const facts = {
    baseUrl,
    model: client.model,
    hasKey: apiKey !== undefined,
    proxy: fetch.proxyFor(client.url),
    ...(keyed instanceof Error && { keyProblem: keyed.message }),
  }
  const asked = Date.now()
  const models = await attempt(getModels(client, { apiKey: key, fetch, timeoutMs }))
  if (models instanceof Error) return { ...facts, models }

  const rankable =
    models.status < 500 && !(models.status >= 300 && models.status < 400) && !('keyProblem' in facts)
  const seen = { headers: undefined as NodeHeaders | undefined }
  const watched = rankable ? clientFor(target, key, watching(fetch, seen)) : undefined
  const [again, document, ranking] = await Promise.all([
    attempt(getModels(client, { apiKey: key, fetch, timeoutMs })),
    attempt(get(`${baseUrl}/openapi.json`, { apiKey: null, fetch, timeoutMs })),
    watched && attempt(rankCanaries(watched)),
  ])
  const date = Date.parse(models.headers.get('date') ?? '')
  return {
    ...facts,
    models,
    document,
    ...(!(again instanceof Error) && { latencyMs: again.ms }),
    ...(ranking !== undefined && { ranking }),
    ...(seen.headers && { headers: seen.headers }),
    // A date has whole seconds, and was written at some time between the request and the response.
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

type Fetch = NonNullable<ClientOptions['fetch']>

/** A client that asks once. @throws TypeError for options that can't be */
function clientFor({ baseUrl, model, timeoutMs }: Target, apiKey: string | null, fetch: Fetch): RerankClient {
  return createRerankClient({ apiKey, baseUrl, model, timeoutMs, maxRetries: 0, maxRetryAfterMs: 0, fetch })
}

/** A client with the key, or the reason why that can't be sent. */
function keyedClient(target: Target, apiKey: string, fetch: NodeFetch): RerankClient | TypeError {
  try {
    return clientFor(target, apiKey, fetch)
  } catch (error) {
    if (error instanceof TypeError) return error
    throw error
  }
}

/** Notes the headers that come back. */
function watching(fetch: NodeFetch, seen: { headers: NodeHeaders | undefined }): Fetch {
  const watch: Fetch = async (...call) => {
    const response = await fetch(...call)
    seen.headers = response.headers
    return response
  }
  return Object.assign(watch, { direct: fetch.direct })
}

async function attempt<Value>(asked: Promise<Value>): Promise<Value | Error> {
  return asked.catch((error: unknown) => {
    if (isRerankError(error) || error instanceof Error) return error
    return new Error(String(error))
  })
}
