export { estimateTokens } from './rank/batches.ts'
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
} from './errors/classes.ts'
export type { RerankErrorDetails, RerankErrorKind, RerankErrors, ValidationIssue } from './errors/classes.ts'
export type { HeaderOptions } from './options/headers.ts'
export type {
  Hooks,
  RerankErrorEvent,
  RerankRequestEvent,
  RerankResponseEvent,
  RerankRetryEvent,
} from './options/hooks.ts'
export type { TimeLimit } from './errors/classes.ts'
export type { CallOptions, ClientOptions, Fetch, SharedOptions } from './options/resolve.ts'
export type { Pace, PacedRequest, PaceResult } from './limiter/rate-limiter.ts'
export type { RankMethod } from './rank/rank.ts'
export type { ItemOptions, RankedItem, RankOptions, RankProgress, RankWithUsage } from './rank/options.ts'
export type { RateLimit, RateLimitWindow } from './api/rate-limit-headers.ts'
export { isRetryable } from './http/retry.ts'
export { spec } from './api/types.ts'
export type { RerankRequest, RerankResponse, RerankResult, RerankUsage, ServiceTier } from './api/types.ts'
