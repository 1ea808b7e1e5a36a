// The only reader of `generated/`: public names for the wire's shapes, derived from the operation and not from
// schema names, so that a schema renamed upstream renames nothing here.

import type { paths } from '../generated/schema.ts'

export type { paths }
export { spec } from '../generated/spec.ts'

/** The operation that the SDK exposes. */
export const RERANK_PATH = '/v1/rerank'

type Operation = paths[typeof RERANK_PATH]['post']

/** The request body exactly as the spec has it. */
export type WireRequest = NonNullable<Operation['requestBody']>['content']['application/json']

/** Tiers that a caller can ask for; `over-limit` appears in answers only. */
export type ServiceTier = Exclude<NonNullable<WireRequest['service_tier']>, 'over-limit'>

/**
 * What `client.rerank` takes: the spec's request, with `model` optional and arrays that may be readonly.
 * A field that is `undefined` is not sent.
 */
export type RerankRequest = Flat<
  AsInput<Omit<WireRequest, 'model' | 'service_tier'>> & {
    /** ID of the model to use; ids are case-sensitive. @default 'Qwen/Qwen3-Reranker-8B' */
    model?: WireRequest['model'] | undefined
    /**
     * Which capacity serves the request: `default` answers 429 at the rate limit, `flex` uses no rate-limit
     * credits at lower priority. @default 'auto' (by the server)
     */
    service_tier?: Exclude<WireRequest['service_tier'], 'over-limit'> | undefined
  }
>

/** The spec's answer: `results` in descending order of `relevance_score`. */
export type RerankResponse = Operation['responses'][200]['content']['application/json']

/** One scored document of a {@link RerankResponse}; `index` is its place in the request's `documents`. */
export type RerankResult = RerankResponse['results'][number]

/** Tokens that a request used. */
export type RerankUsage = RerankResponse['usage']

/** Optional fields may be `undefined`, arrays may be readonly; required fields stay required. */
type AsInput<Wire> = {
  [Key in keyof Wire]: ReadonlyArrays<Wire[Key]> | (undefined extends Wire[Key] ? undefined : never)
}

type ReadonlyArrays<Value> = Value extends readonly (infer Item)[] ? readonly Item[] : Value

type Flat<Shape> = { [Key in keyof Shape]: Shape[Key] }
