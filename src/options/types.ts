import type { HeaderReader } from '../api/response.ts'
import type { RateLimiter } from '../limiter/rate-limiter.ts'
import type { HeaderOptions } from './headers.ts'
import type { Hooks } from './hooks.ts'
import type { Middleware } from './middleware.ts'

/**
 * The part of a `fetch` that the client uses. It can be the global `fetch`, undici's, node-fetch's, one made by
 * `createNodeFetch` of `nebius-rerank/node`, or your own function.
 */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchResponse>
  /**
   * The key that the client uses with this fetch if it has no option `apiKey`. The embedded endpoint of
   * `nebius-rerank/local` has one, so that it never receives a real key from the environment.
   */
  readonly apiKey?: string
  /** True if this fetch does not use the global `Headers`, `Request` and `Response`: the client then avoids them too. */
  readonly direct?: boolean
}

/** The request of an attempt. */
export interface FetchInit {
  /** Always `POST`. */
  method: string
  /** All headers. The names are in lower case. */
  headers: Record<string, string>
  /** The request as JSON. */
  body: string
  /** Aborts when the response is no longer needed. */
  signal: FetchSignal
  /** Redirects are never followed. */
  redirect: 'manual' | 'error'
}

/** The signal of a request: an `AbortSignal`, with a type that every `fetch` accepts. */
export type FetchSignal = AbortSignal & {
  /** Always `null`, because its type differs between libraries. */
  readonly onabort: null
  /** Adds a listener that is called when the signal aborts. */
  addEventListener(
    type: 'abort',
    listener: (event: Event) => unknown,
    options?:
      boolean | { capture?: boolean | undefined; once?: boolean | undefined; passive?: boolean | undefined },
  ): void
  /** Removes a listener. */
  removeEventListener(
    type: 'abort',
    listener: (event: Event) => unknown,
    options?: boolean | { capture?: boolean | undefined },
  ): void
}

/** The part of a response that the client reads. */
export interface FetchResponse {
  /** True for a status from 200 to 299. */
  readonly ok: boolean
  /** HTTP status. */
  readonly status: number
  /** Headers of the response. They must also be iterable, which this type omits for compilers without `dom.iterable`. */
  readonly headers: Pick<HeaderReader, 'get'>
  /** The type of a browser's response, such as `cors`. */
  readonly type?: string
  /** A web stream, another async iterable, or `null` if the response has no body. */
  readonly body?: unknown
  /** Reads the body as text. */
  text(): Promise<string>
}

/** Options of a client that a single call can override. */
export interface SharedOptions {
  /** The project that pays for the usage (`ai_project_id`). @default the key's project */
  projectId?: string | undefined
  /**
   * The most milliseconds for each attempt, including the body of its response: 1 to 2,147,483,647. Node's own `fetch`
   * also fails after 10 s without a connection, or 300 s without a response. @default 60_000
   */
  timeoutMs?: number | undefined
  /**
   * The most milliseconds for a whole call, including all attempts and waits: 1 to 2,147,483,647, or `Infinity`.
   * @default Infinity
   */
  deadlineMs?: number | undefined
  /** The most retries after the first attempt, from 0 to 100. Only failures that may be temporary are retried. @default 2 */
  maxRetries?: number | undefined
  /**
   * The longest wait, in milliseconds, that the server can ask for: 0 to 2,147,483,647. If it asks for more, the call
   * rejects at once. After a 429, all calls of the client with the same model wait as long as the server asked. They do
   * not if that is longer than the `maxRetryAfterMs` of the client, or of the call that received the 429.
   * @default 60_000
   */
  maxRetryAfterMs?: number | undefined
  /** The most bytes of a response, 1 or more. If a response is larger, the call rejects. @default 268_435_456 (256 MiB) */
  maxResponseBytes?: number | undefined
  /**
   * Additional request headers. `null` removes a header. The headers of a call override those of the client. Their values
   * are masked as secrets in errors, hooks and response headers, except those of harmless headers such as `accept`,
   * `user-agent`, trace ids and request ids. @default {}
   */
  headers?: HeaderOptions | undefined
  /** Sends a request: called as `fetch(url, init)`. @default globalThis.fetch, looked up at each call */
  fetch?: Fetch | undefined
  /**
   * Decides when each attempt is sent, for example the result of `createRateLimiter` in `nebius-rerank/bulk`.
   * @default at once, except while the server has asked to wait with a 429
   */
  rateLimiter?: RateLimiter | undefined
}

/** Options of `createRerankClient`. */
export interface ClientOptions extends SharedOptions {
  /**
   * The API key, sent as a bearer token. `null` sends no key, for servers that need none.
   * @default process.env.NEBIUS_API_KEY
   */
  apiKey?: string | null | undefined
  /**
   * The URL of the service. It can end with `/v1`, `/v1/rerank` or slashes.
   * @default process.env.NEBIUS_BASE_URL, or 'https://api.tokenfactory.nebius.com'
   */
  baseUrl?: string | URL | undefined
  /** The model of requests that do not name one. @default 'Qwen/Qwen3-Reranker-8B' */
  model?: string | undefined
  /** Functions that are called when attempts begin and end, for logs and metrics. @default {} */
  hooks?: Hooks | undefined
  /** Middlewares around each logical request. The first one is the outermost. @default [] */
  use?: readonly Middleware[] | undefined
  /** Allows the key and other secret headers to be sent over plain http to hosts other than loopback. @default false */
  allowInsecureHttp?: boolean | undefined
  /** Allows the client in a browser, where anybody can read its key. @default false */
  dangerouslyAllowBrowser?: boolean | undefined
}

/** Options of one call. */
export interface CallOptions extends SharedOptions {
  /** Cancels the call at once, even during a wait. The call then rejects with `signal.reason`. @default undefined */
  signal?: AbortSignal | undefined
}

/** The options of a call, merged with its client's. */
export interface Settings {
  projectId: string | undefined
  timeoutMs: number
  deadlineMs: number
  maxRetries: number
  maxRetryAfterMs: number
  maxResponseBytes: number
  headers: Readonly<Record<string, string>>
  fetch: Fetch | undefined
  rateLimiter: RateLimiter
}

/** The options of a client. */
export interface ClientSettings extends Settings {
  baseUrl: string
  model: string
  hooks: Hooks
  use: readonly Middleware[]
  /** The origin of the base URL, if no key may be sent to it. */
  insecureOrigin: string | undefined
}
