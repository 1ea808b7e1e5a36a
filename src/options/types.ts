import type { HeaderReader } from '../api/response.ts'
import type { RateLimiter } from '../limiter/rate-limiter.ts'
import type { HeaderOptions } from './headers.ts'
import type { Hooks } from './hooks.ts'
import type { Middleware } from './middleware.ts'

/**
 * A `fetch`, as far as the client calls it: the global one, undici's, node-fetch's, that of `nebius-rerank/node`, or a
 * function of your own.
 */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchResponse>
  /**
   * A key that comes with this fetch and is used when `apiKey` is not given. The embedded endpoint of
   * `nebius-rerank/local` brings one, so that no real key is ever sent to it.
   */
  readonly apiKey?: string
  /** Set by a fetch that never touches the global `Headers`, `Request` and `Response`: the client then doesn't either. */
  readonly direct?: boolean
}

/** The request of an attempt. */
export interface FetchInit {
  /** Always `POST`. */
  method: string
  /** All headers, by lower-case name. */
  headers: Record<string, string>
  /** The request as JSON. */
  body: string
  /** Aborts when nobody waits for the response any more. */
  signal: FetchSignal
  /** Redirects are never followed. */
  redirect: 'manual' | 'error'
}

/** The signal of a request: a platform's own, of a type that all fetches take. */
export type FetchSignal = AbortSignal & {
  /** Not set, since types of others differ in it. */
  readonly onabort: null
  /** Calls back when the signal aborts. */
  addEventListener(
    type: 'abort',
    listener: (event: Event) => unknown,
    options?:
      boolean | { capture?: boolean | undefined; once?: boolean | undefined; passive?: boolean | undefined },
  ): void
  /** Takes a listener away. */
  removeEventListener(
    type: 'abort',
    listener: (event: Event) => unknown,
    options?: boolean | { capture?: boolean | undefined },
  ): void
}

/** A response, as far as the client reads it. */
export interface FetchResponse {
  /** Set for a status from 200 to 299. */
  readonly ok: boolean
  /** HTTP status. */
  readonly status: number
  /** Headers of the response. They can also be iterated over, which compilers without `dom.iterable` do not know. */
  readonly headers: Pick<HeaderReader, 'get'>
  /** The type of a browser's response, such as `cors`. */
  readonly type?: string
  /** A web stream, anything else that can be iterated over asynchronously, or `null` where there is none. */
  readonly body?: unknown
  /** Reads the body as text. */
  text(): Promise<string>
}

/** Options that a client sets for all its calls and a call may set for itself. */
export interface SharedOptions {
  /** The project to which usage is booked (`ai_project_id`). */
  projectId?: string | undefined
  /**
   * Milliseconds allowed per attempt, body included; each retry starts again. Node's own `fetch` gives up by itself
   * after 10 s without a connection and 300 s without a response. @default 60_000
   */
  timeoutMs?: number | undefined
  /** Milliseconds allowed for a call with all its attempts and waits. @default Infinity */
  deadlineMs?: number | undefined
  /** The most retries of a failed attempt, where a retry can help: 0 to 100. @default 2 */
  maxRetries?: number | undefined
  /**
   * The longest wait, in milliseconds, that a server can ask for before a retry; when it asks for more, the call
   * rejects at once. A wait that a 429 asks of one call holds for all others of the client with the same model. It does
   * not where that call, or its client, would not wait so long. @default 60_000
   */
  maxRetryAfterMs?: number | undefined
  /** The largest response that is read, in bytes. @default 268_435_456 (256 MiB) */
  maxResponseBytes?: number | undefined
  /**
   * Further request headers; `null` removes one. A call's are laid over the client's. All count as secret, and are masked
   * in errors, hooks and headers of responses, except `accept`, `user-agent`, trace and request ids and their like. @default {}
   */
  headers?: HeaderOptions | undefined
  /** Called as `fetch(url, init)` in place of the global one. @default globalThis.fetch, looked up at each call */
  fetch?: Fetch | undefined
  /**
   * Decides when each attempt is sent, such as that of `createRateLimiter` in `nebius-rerank/bulk`.
   * @default at once, except waits that a 429 asks for
   */
  rateLimiter?: RateLimiter | undefined
}

/** Options of `createRerankClient`. */
export interface ClientOptions extends SharedOptions {
  /**
   * The API key, sent as a bearer token. `null` sends none, for servers that want none.
   * @default process.env.NEBIUS_API_KEY
   */
  apiKey?: string | null | undefined
  /**
   * The URL of the service; `/v1`, `/v1/rerank` and slashes at the end make no difference.
   * @default process.env.NEBIUS_BASE_URL, or 'https://api.tokenfactory.nebius.com'
   */
  baseUrl?: string | URL | undefined
  /** The model of requests that name none. @default 'Qwen/Qwen3-Reranker-8B' */
  model?: string | undefined
  /** Called as attempts begin and end, for logs and metrics. @default {} */
  hooks?: Hooks | undefined
  /** Middlewares around each logical request, the first one outermost. @default [] */
  use?: readonly Middleware[] | undefined
  /** Lets the key, and headers that may be secret, travel over plain http to hosts other than loopback. @default false */
  allowInsecureHttp?: boolean | undefined
  /** Lets the client start in a browser, where anybody can read its key. @default false */
  dangerouslyAllowBrowser?: boolean | undefined
}

/** Options of one call. */
export interface CallOptions extends SharedOptions {
  /** Ends the call at once, waits between attempts included; it then rejects with `signal.reason`. @default undefined */
  signal?: AbortSignal | undefined
}

/** The options of a call, laid over its client's. */
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
  /** The base URL's origin, where no key may be sent to it. */
  insecureOrigin: string | undefined
}
