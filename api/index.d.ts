// The public API, written by `npm run api`. Any change to it needs a changeset.

declare class AuthenticationError extends RerankError {
  readonly kind: 'authentication'
  readonly name: 'AuthenticationError'
}

declare const BRAND: unique symbol

declare class BadRequestError extends RerankError<{
  issues?: readonly ValidationIssue[] | undefined
}> {
  readonly kind: 'bad_request'
  readonly name: 'BadRequestError'
  readonly issues: readonly ValidationIssue[]
  constructor(
    message: string,
    details: RerankErrorDetails & {
      issues?: readonly ValidationIssue[] | undefined
    },
  )
}

interface CallOptions extends SharedOptions {
  signal?: AbortSignal | undefined
}

declare class CircuitOpenError extends RerankError {
  readonly kind: 'circuit_open'
  readonly name: 'CircuitOpenError'
}

interface ClientOptions extends SharedOptions {
  apiKey?: string | null | undefined
  baseUrl?: string | URL | undefined
  model?: string | undefined
  hooks?: Hooks | undefined
  use?: readonly Middleware[] | undefined
  allowInsecureHttp?: boolean | undefined
  dangerouslyAllowBrowser?: boolean | undefined
}

type ClientOrOptions =
  | {
      client: RerankClient
    }
  | (ClientOptions & {
      client?: undefined
    })

interface FailedRanking {
  query: string
  texts: readonly string[]
  signal: AbortSignal | undefined
  remainingMs: number
}

type Fallback = 'keep-order' | FallbackScorer

type FallbackScorer = (
  error: RerankError,
  failed: FailedRanking,
) => RankWithUsage<string> | undefined | Promise<RankWithUsage<string> | undefined>

interface Fetch {
  (url: string, init: FetchInit): Promise<FetchResponse>
  readonly apiKey?: string
  readonly direct?: boolean
}

interface FetchInit {
  method: string
  headers: Record<string, string>
  body: string
  signal: FetchSignal
  redirect: 'manual' | 'error'
}

interface FetchResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: Pick<HeaderReader, 'get'>
  readonly type?: string
  readonly body?: unknown
  text(): Promise<string>
}

type FetchSignal = AbortSignal & {
  readonly onabort: null
  addEventListener(
    type: 'abort',
    listener: (event: Event) => unknown,
    options?:
      | boolean
      | {
          capture?: boolean | undefined
          once?: boolean | undefined
          passive?: boolean | undefined
        },
  ): void
  removeEventListener(
    type: 'abort',
    listener: (event: Event) => unknown,
    options?:
      | boolean
      | {
          capture?: boolean | undefined
        },
  ): void
}

interface FieldOptions<Item> extends RankOptions<Item> {
  fields: readonly (keyof Item & string)[]
}

type HeaderOptions = Iterable<[string, string]> | Readonly<Record<string, string | null | undefined>>

interface HeaderReader {
  get(name: string): string | null
  [Symbol.iterator](): Iterator<[string, string]>
}

interface Hooks {
  onRequest?: ((event: RerankRequestEvent) => unknown) | undefined
  onResponse?: ((event: RerankResponseEvent) => unknown) | undefined
  onRetry?: ((event: RerankRetryEvent) => unknown) | undefined
  onError?: ((event: RerankErrorEvent) => unknown) | undefined
}

type ItemOptions<Item> = TextOptions<Item> | FieldOptions<Item>

interface Lease {
  release(outcome: LeaseOutcome): void
}

interface LeaseOutcome {
  readonly status?: number | undefined
  readonly retryAfterMs?: number | undefined
  readonly mayBeExhausted?: boolean | undefined
  readonly rateLimit?: RateLimit | undefined
}

type MayLeaveUnscored = UnscoredOptions &
  (
    | {
        fallback: Fallback | undefined
      }
    | {
        onlyFirst: number
      }
  )

type MaybeScoredItem<Item> = RankedItem<Item, number | undefined>

type Middleware = (
  request: ModelRequest,
  next: (request: RerankRequest, over?: MiddlewareOver) => Promise<MiddlewareResponse>,
  context: MiddlewareContext,
) => Promise<MiddlewareResponse>

interface MiddlewareContext {
  readonly callId: string
  readonly part?: RankPart | undefined
  readonly signal?: AbortSignal | undefined
  readonly hooks: Hooks
  readonly baseUrl: string
  readonly remainingMs: () => number
  readonly mask: (text: string) => string
  readonly fallback?: unknown
}

interface MiddlewareOver {
  readonly signal?: AbortSignal | undefined
  readonly hooks?: Hooks
}

interface MiddlewareResponse extends ServiceResponse<ScoredResponse> {
  attempts: number
  cached?: number
}

interface ModelRequest extends RerankRequest {
  model: string
}

declare class NotFoundError extends RerankError {
  readonly kind: 'not_found'
  readonly name: 'NotFoundError'
}

interface Passage {
  start: number
  end: number
}

declare class PaymentRequiredError extends RerankError {
  readonly kind: 'payment'
  readonly name: 'PaymentRequiredError'
}

declare class PermissionDeniedError extends RerankError {
  readonly kind: 'permission'
  readonly name: 'PermissionDeniedError'
}

interface RankMethod {
  (
    query: string,
    items: StringsUnlessOptionText,
    options: RankOptions<string> & MayLeaveUnscored,
  ): Promise<MaybeScoredItem<string>[]>
  <Item>(
    query: string,
    items: Iterable<Item>,
    options: ItemOptions<Item> & MayLeaveUnscored,
  ): Promise<MaybeScoredItem<Item>[]>
  (
    query: string,
    items: StringsUnlessOptionText,
    options?: RankOptions<string>,
  ): Promise<RankedItem<string>[]>
  <Item>(query: string, items: Iterable<Item>, options: ItemOptions<Item>): Promise<RankedItem<Item>[]>
  withUsage: RankWithUsageMethod
}

interface RankOptions<Item> extends CallOptions {
  text?: ((item: Item) => string) | undefined
  fields?: readonly (keyof Item & string)[] | undefined
  topN?: number | undefined
  minScore?: number | undefined
  model?: string | undefined
  serviceTier?: ServiceTier | undefined
  user?: string | undefined
  maxDocumentsPerRequest?: number | undefined
  maxTokensPerRequest?: number | undefined
  concurrency?: number | undefined
  blank?: 'skip' | 'error' | undefined
  dedupe?: boolean | undefined
  onProgress?: ((progress: RankProgress) => void) | undefined
}

interface RankPart {
  readonly place: number
  readonly parts: number
}

interface RankProgress {
  done: number
  total: number
}

interface RankWithUsage<Item, Score = number> {
  ranked: RankedItem<Item, Score>[]
  usage: RerankUsage
  ids: string[]
  cached?: number | undefined
  degraded?: RerankError | undefined
}

interface RankWithUsageMethod {
  (
    query: string,
    items: StringsUnlessOptionText,
    options: RankOptions<string> & MayLeaveUnscored,
  ): Promise<RankWithUsage<string, number | undefined>>
  <Item>(
    query: string,
    items: Iterable<Item>,
    options: ItemOptions<Item> & MayLeaveUnscored,
  ): Promise<RankWithUsage<Item, number | undefined>>
  (
    query: string,
    items: StringsUnlessOptionText,
    options?: RankOptions<string>,
  ): Promise<RankWithUsage<string>>
  <Item>(query: string, items: Iterable<Item>, options: ItemOptions<Item>): Promise<RankWithUsage<Item>>
}

interface RankedItem<Item, Score = number> {
  item: Item
  index: number
  score: Score
  passage?: Passage
}

interface RateLimit {
  requests?: RateLimitWindow
  tokens?: RateLimitWindow
  overLimit?: true
}

declare class RateLimitError extends RerankError<{
  rateLimit?: RateLimit | undefined
}> {
  readonly kind: 'rate_limit'
  readonly name: 'RateLimitError'
  readonly rateLimit?: RateLimit
}

interface RateLimitRequest {
  readonly query: string
  readonly documents: readonly string[]
  readonly model: string
  readonly serviceTier: string | undefined
  readonly account: number
  readonly attempt: number
  readonly maxWaitMs: number
  readonly tooLong: (waitMs: number) => Error
}

interface RateLimitWindow {
  limit?: number
  remaining?: number
  resetMs?: number
}

interface RateLimiter {
  readonly concurrency?: number | undefined
  readonly spacesRetries?: boolean | undefined
  acquire(request: RateLimitRequest, signal: AbortSignal): Lease | Promise<Lease>
}

interface RerankClient {
  readonly rerank: RerankMethod
  readonly rank: RankMethod
  readonly url: string
  readonly model: string
  readonly rateLimiter?: RateLimiter | undefined
}

declare class RerankConnectionError extends RerankError<{
  code?: string | undefined
}> {
  readonly kind: 'connection'
  readonly name: 'RerankConnectionError'
  readonly code?: string
}

interface RerankDocument {
  multi_modal?: boolean | null
  text: string
}

declare abstract class RerankError<More extends object = object> extends Error {
  readonly name: string
  readonly kind: RerankErrorKind
  readonly status?: number
  readonly requestId?: string
  readonly inferenceId?: string
  readonly attempts: number
  readonly retryAfterMs?: number
  readonly retryAt?: Date
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly items?: readonly number[]
  readonly part?: string
  constructor(message: string, { cause, headers, body, items, ...facts }: RerankErrorDetails & More)
  get [BRAND](): RerankErrorKind
  toJSON(): Record<string, unknown>
}

type RerankErrorDetails = {
  [Fact in 'status' | 'requestId' | 'inferenceId' | 'retryAfterMs' | 'headers' | 'body' | 'items' | 'part']?:
    RerankError[Fact] | undefined
} & {
  attempts: number
  retryAt?: Date | undefined
  cause?: unknown
}

interface RerankErrorEvent {
  callId: string
  attempts: number
  kind: RerankErrorKind | 'aborted' | 'unknown'
  message: string
  status: number | undefined
  requestId: string | undefined
  ms: number
}

type RerankErrorKind = keyof RerankErrors

interface RerankErrors {
  bad_request: BadRequestError
  authentication: AuthenticationError
  payment: PaymentRequiredError
  permission: PermissionDeniedError
  not_found: NotFoundError
  rate_limit: RateLimitError
  server: ServerError
  connection: RerankConnectionError
  timeout: RerankTimeoutError
  response: RerankResponseError
  circuit_open: CircuitOpenError
}

interface RerankMethod {
  (request: RerankRequest, options?: CallOptions): Promise<RerankResponse>
  withResponse(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse>
  scored(request: RerankRequest, options?: CallOptions): Promise<RerankWithResponse<ScoredResponse>>
}

interface RerankRequest {
  documents: readonly string[]
  model?: string | undefined
  query: string
  service_tier?: ServiceTier | undefined
  user?: string | null | undefined
}

interface RerankRequestEvent {
  callId: string
  attempt: number
  url: string
  model: string
  documents: number
  place?: number | undefined
}

interface RerankResponse {
  id: string
  model: string
  results: RerankResult[]
  usage: RerankUsage
}

declare class RerankResponseError extends RerankError<{
  truncated?: boolean | undefined
}> {
  readonly kind: 'response'
  readonly name: 'RerankResponseError'
  readonly truncated?: boolean
}

interface RerankResponseEvent extends RerankRequestEvent {
  status: number
  ms: number
  requestId: string | undefined
  tokens: number | undefined
}

interface RerankResult {
  document: RerankDocument
  index: number
  relevance_score: number
}

interface RerankRetryEvent extends RerankRequestEvent {
  kind: RerankErrorKind
  status: number | undefined
  requestId: string | undefined
  delayMs: number
}

declare class RerankTimeoutError extends RerankError<{
  limit: TimeLimit
}> {
  readonly kind: 'timeout'
  readonly name: 'RerankTimeoutError'
  readonly limit: TimeLimit
}

interface RerankUsage {
  prompt_tokens: number
  total_tokens: number
}

interface RerankWithResponse<Body = RerankResponse> {
  data: Body
  response: ResponseInfo
}

interface ResponseInfo {
  status: number
  headers: Readonly<Record<string, string>>
  requestId: string | undefined
  inferenceId: string | undefined
  attempts: number
  rateLimit: RateLimit | undefined
}

interface ScoredDocument extends Partial<RerankResult> {
  index: number
  relevance_score: number
  passage?: Passage
}

interface ScoredResponse extends Partial<Omit<RerankResponse, 'results'>> {
  results: ScoredDocument[]
}

declare class ServerError extends RerankError {
  readonly kind: 'server'
  readonly name: 'ServerError'
}

interface ServiceResponse<Body = unknown> {
  status: number
  headers: HeaderReader
  body: Body
}

type ServiceTier = 'auto' | 'default' | 'flex' | 'no-limit'

interface SharedOptions {
  projectId?: string | undefined
  timeoutMs?: number | undefined
  deadlineMs?: number | undefined
  maxRetries?: number | undefined
  maxRetryAfterMs?: number | undefined
  maxResponseBytes?: number | undefined
  headers?: HeaderOptions | undefined
  fetch?: Fetch | undefined
  rateLimiter?: RateLimiter | undefined
}

interface StringsUnlessOptionText extends Iterable<string> {}

interface TextOptions<Item> extends RankOptions<Item> {
  text: (item: Item) => string
}

type TimeLimit = 'timeoutMs' | 'deadlineMs'

interface UnscoredOptions {
  fallback?: Fallback | undefined
  onlyFirst?: number | undefined
}

interface ValidationIssue {
  path: string
  message: string
  type: string
}

declare function createRerankClient(options?: ClientOptions): RerankClient

declare function estimateTokens(text: string): number

declare function isRerankError(value: unknown): value is RerankErrors[RerankErrorKind]

declare function isRerankError<Kind extends RerankErrorKind>(
  value: unknown,
  kind: Kind,
): value is RerankErrors[Kind]

declare function isRetryable(error: RerankError): boolean

declare function rerankErrorFrom(json: unknown): RerankErrors[RerankErrorKind]

declare const spec: {
  readonly title: 'Nebius OpenAI-compatible inference API'
  readonly version: '20260506-297d05704'
}

export {
  AuthenticationError,
  BadRequestError,
  type CallOptions,
  CircuitOpenError,
  type ClientOptions,
  type ClientOrOptions,
  type FailedRanking,
  type Fallback,
  type FallbackScorer,
  type Fetch,
  type FetchInit,
  type FetchResponse,
  type FetchSignal,
  type FieldOptions,
  type HeaderOptions,
  type HeaderReader,
  type Hooks,
  type ItemOptions,
  type Lease,
  type LeaseOutcome,
  type MayLeaveUnscored,
  type MaybeScoredItem,
  type Middleware,
  type MiddlewareContext,
  type MiddlewareOver,
  type MiddlewareResponse,
  type ModelRequest,
  NotFoundError,
  type Passage,
  PaymentRequiredError,
  PermissionDeniedError,
  type RankMethod,
  type RankOptions,
  type RankPart,
  type RankProgress,
  type RankWithUsage,
  type RankWithUsageMethod,
  type RankedItem,
  type RateLimit,
  RateLimitError,
  type RateLimitRequest,
  type RateLimitWindow,
  type RateLimiter,
  type RerankClient,
  RerankConnectionError,
  RerankError,
  type RerankErrorDetails,
  type RerankErrorEvent,
  type RerankErrorKind,
  type RerankErrors,
  type RerankMethod,
  type RerankRequest,
  type RerankRequestEvent,
  type RerankResponse,
  RerankResponseError,
  type RerankResponseEvent,
  type RerankResult,
  type RerankRetryEvent,
  RerankTimeoutError,
  type RerankUsage,
  type RerankWithResponse,
  type ResponseInfo,
  type ScoredDocument,
  type ScoredResponse,
  ServerError,
  type ServiceTier,
  type SharedOptions,
  type StringsUnlessOptionText,
  type TextOptions,
  type TimeLimit,
  type UnscoredOptions,
  type ValidationIssue,
  createRerankClient,
  estimateTokens,
  isRerankError,
  isRetryable,
  rerankErrorFrom,
  spec,
}
