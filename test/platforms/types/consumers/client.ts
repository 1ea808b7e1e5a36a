import { createRerankClient, isRerankError, NotFoundError, RerankError, spec } from 'nebius-rerank'
import type {
  CallOptions,
  ClientOptions,
  Hooks,
  Middleware,
  RankedItem,
  RankWithUsage,
  RateLimiter,
  RerankRequest,
  RerankResponse,
  ServiceTier,
} from 'nebius-rerank'

const hooks: Hooks = { onRetry: ({ kind, delayMs }) => `${kind} ${delayMs.toFixed()}` }
const passThrough: Middleware = (request, next) => next(request)
const options: ClientOptions = {
  apiKey: null,
  baseUrl: new URL('http://127.0.0.1'),
  hooks,
  use: [passThrough],
  maxRetries: undefined,
}
const client = createRerankClient(options)

const documents: readonly string[] = ['a', 'b']
const request: RerankRequest = { query: 'q', documents, service_tier: 'flex', user: null }
export const answer: Promise<RerankResponse> = client.rerank(request)
export const first: Promise<number | undefined> = answer.then(({ results }) => results[0]?.relevance_score)
export const attempts: Promise<number> = client.rerank
  .withResponse(request, { timeoutMs: 5 })
  .then(({ response }) => response.attempts)

interface Product {
  name: string
}
const products = new Set<Product>([{ name: 'a' }])
export const ranked: Promise<RankedItem<Product>[]> = client.rank('q', products, { text: ({ name }) => name })
export const texts: Promise<RankWithUsage<string>> = client.rank.withUsage('q', documents, { topN: 1 })

export const call: CallOptions = { signal: new AbortController().signal, headers: { 'x-a': null } }
export const rateLimiter: RateLimiter | undefined = client.rateLimiter
export const version: string = spec.version
export const tiers: ServiceTier[] = ['auto', 'default', 'flex', 'no-limit']

export function explain(error: unknown): string {
  if (isRerankError(error, 'rate_limit')) return (error.retryAfterMs ?? 0).toFixed()
  if (isRerankError(error, 'bad_request')) return error.issues.map(({ path }) => path).join()
  if (error instanceof NotFoundError) return error.kind satisfies 'not_found'
  return error instanceof RerankError || isRerankError(error) ? error.message : 'unknown'
}

// @ts-expect-error documents are required
export const incomplete: RerankRequest = { query: 'q' }
// @ts-expect-error over-limit appears in answers only
export const tier: ServiceTier = 'over-limit'
// @ts-expect-error items that are no strings need their text
export const textless = client.rank('q', products)
// @ts-expect-error there is no such option
createRerankClient({ timeout: 5 })
// @ts-expect-error there is no such kind
isRerankError(undefined, 'no_such_kind')
