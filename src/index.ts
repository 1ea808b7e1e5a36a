export { estimateTokens } from './candidates.ts'
export { createRerankClient } from './client.ts'
export type {
  ClientOrOptions,
  RerankClient,
  RerankMethod,
  RerankWithResponse,
  ResponseInfo,
} from './client.ts'
export {
  AuthenticationError,
  BadRequestError,
  isRerankError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RerankConnectionError,
  RerankError,
  RerankResponseError,
  RerankTimeoutError,
  ServerError,
} from './errors.ts'
export type { RerankErrorDetails, RerankErrorKind, RerankErrors, ValidationIssue } from './errors.ts'
export type { HeaderOptions } from './headers.ts'
export type {
  Hooks,
  RerankErrorEvent,
  RerankRequestEvent,
  RerankResponseEvent,
  RerankRetryEvent,
} from './hooks.ts'
export type { TimeLimit } from './limits.ts'
export type { CallOptions, ClientOptions, Fetch, SharedOptions } from './options.ts'
export type { Pace, PacedRequest, PaceResult } from './pace.ts'
export type { RankMethod } from './rank.ts'
export type { ItemOptions, RankedItem, RankOptions, RankProgress, RankWithUsage } from './rank-options.ts'
export type { RateLimit, RateLimitWindow } from './rate-limit.ts'
export { isRetryable } from './retry.ts'
export { spec } from './types.ts'
export type { RerankRequest, RerankResponse, RerankResult, RerankUsage, ServiceTier } from './types.ts'
