// The only reader of `generated/`.

import type { RerankRequest } from '../generated/rerank.ts'
import type { paths } from '../generated/schema.ts'

export type { paths }
export type {
  RerankRequest,
  RerankResponse,
  RerankResult,
  RerankUsage,
  ServiceTier,
} from '../generated/rerank.ts'
export { spec } from '../generated/spec.ts'

/** The operation that the SDK exposes. */
export const RERANK_PATH = '/v1/rerank'

type Operation = paths[typeof RERANK_PATH]['post']

/** A request that names its model. */
export interface ModelRequest extends RerankRequest {
  model: string
}

/** The request body exactly as the spec has it. */
export type WireRequest = NonNullable<Operation['requestBody']>['content']['application/json']
