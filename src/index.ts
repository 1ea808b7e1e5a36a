/**
 * The client: single requests, rankings of any length, and their errors.
 *
 * @module nebius-rerank
 */

export type { RateLimit, RateLimitWindow } from './api/rate-limit-headers.ts'
export type { HeaderReader, Passage, ScoredDocument, ScoredResponse } from './api/response.ts'
export { spec } from './api/types.ts'
export type {
  ModelRequest,
  RerankRequest,
  RerankResponse,
  RerankResult,
  RerankUsage,
  ServiceTier,
} from './api/types.ts'
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
  CircuitOpenError,
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
export type { RerankErrorDetails, RerankErrorKind, RerankErrors, TimeLimit } from './errors/classes.ts'
export type { ValidationIssue } from './errors/validation-issue.ts'
export { rerankErrorFrom } from './errors/from-json.ts'
export { isRetryable } from './http/retry.ts'
export type { Lease, LeaseOutcome, RateLimiter, RateLimitRequest } from './limiter/rate-limiter.ts'
export type { HeaderOptions } from './options/headers.ts'
export type {
  Hooks,
  RerankErrorEvent,
  RerankRequestEvent,
  RerankResponseEvent,
  RerankRetryEvent,
} from './options/hooks.ts'
export type {
  Middleware,
  MiddlewareContext,
  MiddlewareOver,
  MiddlewareResponse,
  RankPart,
} from './options/middleware.ts'
export type {
  CallOptions,
  ClientOptions,
  Fetch,
  FetchInit,
  FetchSignal,
  FetchResponse,
  SharedOptions,
} from './options/types.ts'
export type {
  Fallback,
  FailedRanking,
  FallbackScorer,
  FieldOptions,
  ItemOptions,
  MaybeScoredItem,
  RankedItem,
  RankOptions,
  RankProgress,
  RankWithUsage,
  TextOptions,
  UnscoredOptions,
} from './rank/options.ts'
export type {
  MayLeaveUnscored,
  RankMethod,
  RankWithUsageMethod,
  StringsUnlessOptionText,
} from './rank/rank.ts'
export { estimateTokens } from './rank/tokens.ts'
