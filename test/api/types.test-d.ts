import { expectTypeOf, test } from 'vitest'
import { isRerankError } from 'nebius-rerank'
import type {
  BadRequestError,
  CallOptions,
  ClientOptions,
  RerankErrorEvent,
  Hooks,
  RateLimit,
  RateLimitError,
  RerankErrorKind,
  RerankErrors,
  RerankMethod,
  RerankRequest,
  RerankResponse,
  RerankTimeoutError,
  ResponseInfo,
  ServiceTier,
  SharedOptions,
  ValidationIssue,
} from 'nebius-rerank'

const minimal = { query: 'q', documents: ['a'] }

test('a query and documents are enough', () => {
  expectTypeOf(minimal).toExtend<RerankRequest>()
  // @ts-expect-error documents are required
  accepts<RerankRequest>({ query: 'q' })
  // @ts-expect-error the query is required
  accepts<RerankRequest>({ documents: ['a'] })
})

test('service_tier is optional and never over-limit', () => {
  expectTypeOf<ServiceTier>().toEqualTypeOf<'auto' | 'default' | 'flex' | 'no-limit'>()
  accepts<RerankRequest>({ ...minimal, service_tier: 'flex' })
  accepts<RerankRequest>({ ...minimal, service_tier: undefined })
  // @ts-expect-error over-limit appears in answers only
  accepts<RerankRequest>({ ...minimal, service_tier: 'over-limit' })
})

test('documents may be readonly', () => {
  const documents: readonly string[] = ['a', 'b']
  accepts<RerankRequest>({ query: 'q', documents })
  const frozen = Object.freeze({ query: 'q', documents: ['a'] } as const)
  accepts<RerankRequest>(frozen)
})

test('a user may be null, as the spec says, or undefined', () => {
  accepts<RerankRequest>({ ...minimal, user: null })
  accepts<RerankRequest>({ ...minimal, user: undefined })
})

test('an unknown field is refused', () => {
  // @ts-expect-error the spec has no such field
  accepts<RerankRequest>({ ...minimal, no_such_field: 3 })
})

test('the answer is the spec’s own shape', () => {
  expectTypeOf<RerankResponse['results'][number]>().toExtend<{
    index: number
    relevance_score: number
    document: { text: string }
  }>()
  expectTypeOf<RerankResponse['usage']>().toEqualTypeOf<{ prompt_tokens: number; total_tokens: number }>()
})

test('a guard with a kind narrows to that kind’s class', () => {
  const error: unknown = undefined
  if (isRerankError(error, 'rate_limit')) {
    expectTypeOf(error).toEqualTypeOf<RateLimitError>()
    expectTypeOf(error.rateLimit).toEqualTypeOf<RateLimit | undefined>()
  }
  if (isRerankError(error)) {
    accepts<RerankErrorKind>(error.kind)
    // A switch over the kinds narrows as the guard does.
    if (error.kind === 'timeout') expectTypeOf(error).toEqualTypeOf<RerankTimeoutError>()
    else if (error.kind === 'bad_request') accepts<readonly ValidationIssue[]>(error.issues)
  }
  // @ts-expect-error no such kind
  isRerankError(error, 'rate-limit')
})

test('an error’s kind and name are literals', () => {
  expectTypeOf<RerankTimeoutError['name']>().toEqualTypeOf<'RerankTimeoutError'>()
  expectTypeOf<RerankTimeoutError['kind']>().toEqualTypeOf<'timeout'>()
  expectTypeOf<RerankTimeoutError['limit']>().toEqualTypeOf<'timeoutMs' | 'deadlineMs'>()
  expectTypeOf<BadRequestError['issues']>().toEqualTypeOf<readonly ValidationIssue[]>()
})

test('every kind has a class', () => {
  expectTypeOf<keyof RerankErrors>().toEqualTypeOf<RerankErrorKind>()
  expectTypeOf<{ [Kind in RerankErrorKind]: RerankErrors[Kind]['kind'] }>().toEqualTypeOf<{
    [Kind in RerankErrorKind]: Kind
  }>()
})

test('a call takes what a client takes for its calls, and a signal', () => {
  expectTypeOf<CallOptions>().toExtend<SharedOptions>()
  expectTypeOf<ClientOptions>().toExtend<SharedOptions>()
  expectTypeOf<CallOptions['signal']>().toEqualTypeOf<AbortSignal | undefined>()
  // @ts-expect-error hooks are the client's
  accepts<CallOptions>({ hooks: {} })
  // @ts-expect-error a signal is a call's
  accepts<ClientOptions>({ signal: AbortSignal.abort() })
})

test('fetch may be the global one, and headers may be Headers or take some away', () => {
  accepts<ClientOptions>({ fetch: globalThis.fetch, headers: new Headers() })
  accepts<CallOptions>({ headers: { 'x-a': 'b', 'x-c': null, 'x-d': undefined } })
})

test('a hook may be asynchronous, and its event is plain data', () => {
  accepts<Hooks>({ onRequest: async ({ attempt, url }) => `${attempt} ${url}` })
  expectTypeOf<RerankErrorEvent['kind']>().toEqualTypeOf<RerankErrorKind | 'aborted' | 'unknown'>()
})

test('rerank returns the answer, and withResponse what is known beside it', () => {
  expectTypeOf<ReturnType<RerankMethod>>().toEqualTypeOf<Promise<RerankResponse>>()
  expectTypeOf<ReturnType<RerankMethod['withResponse']>>().toEqualTypeOf<
    Promise<{ data: RerankResponse; response: ResponseInfo }>
  >()
})

/** Compiles where a value fits a type. */
function accepts<Type>(value: Type): Type {
  return value
}
