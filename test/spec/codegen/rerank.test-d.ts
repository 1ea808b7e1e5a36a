import { expectTypeOf, test } from 'vitest'
import type {
  RerankDocument,
  RerankRequest,
  RerankResponse,
  RerankResult,
  RerankUsage,
  ServiceTier,
} from '../../../src/generated/rerank.ts'
import type { paths } from '../../../src/generated/schema.ts'
import type { Callers } from './callers.ts'

type Operation = paths['/v1/rerank']['post']
type WireRequest = NonNullable<Operation['requestBody']>['content']['application/json']
type WireResponse = Operation['responses'][200]['content']['application/json']

test('a response is the spec’s', () => {
  expectTypeOf<RerankResponse>().toEqualTypeOf<WireResponse>()
  expectTypeOf<RerankResult>().toEqualTypeOf<WireResponse['results'][number]>()
  expectTypeOf<RerankDocument>().toEqualTypeOf<WireResponse['results'][number]['document']>()
  expectTypeOf<RerankUsage>().toEqualTypeOf<WireResponse['usage']>()
})

test('a request is the spec’s, as callers write it', () => {
  expectTypeOf<RerankRequest>().toEqualTypeOf<Callers<WireRequest>>()
  expectTypeOf<ServiceTier>().toEqualTypeOf<Exclude<NonNullable<WireRequest['service_tier']>, 'over-limit'>>()
})

test('what a caller writes is what is sent, with a model', () => {
  expectTypeOf<{ documents: string[]; model: string; query: string }>().toExtend<WireRequest>()
  expectTypeOf<WireRequest>().not.toExtend<RerankRequest>()
  expectTypeOf<Omit<WireRequest, 'service_tier'>>().toExtend<RerankRequest>()
})
