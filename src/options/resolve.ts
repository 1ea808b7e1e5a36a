import { version } from '../../package.json' with { type: 'json' }
import { layOver } from './headers.ts'
import { isSecretHeader } from '../errors/redact.ts'
import type { HeaderOptions, HeaderRecord } from './headers.ts'
import type { Hooks } from './hooks.ts'
import type { Pace } from '../limiter/rate-limiter.ts'
import { checkClientOptions, checkSharedOptions } from './rules.ts'
import { refuse } from '../shared/validate.ts'
import { environment, isBrowser } from './runtime.ts'
import { spec } from '../api/types.ts'

/** What `fetch` is, as far as the client calls it. */
export interface Fetch {
  (url: string, init: RequestInit): Promise<Response>
  /**
   * A key that comes with this fetch and is used when `apiKey` is not given: the embedded endpoint of
   * `nebius-rerank/local` brings one, so that no real key is ever sent to it.
   */
  readonly apiKey?: string
}

/** Options that a client sets for all its calls and a call may set for itself. */
export interface SharedOptions {
  /** The project to which usage is booked (`ai_project_id`). */
  projectId?: string | undefined
  /**
   * Milliseconds allowed per attempt, body included; each retry starts afresh. Node's own `fetch` gives up by itself
   * after 10 s without a connection and 300 s without an answer. @default 60_000
   */
  timeoutMs?: number | undefined
  /** Milliseconds allowed for a call with all its attempts and waits. @default none */
  deadlineMs?: number | undefined
  /** How often a failed attempt is repeated, where that can help. @default 2 */
  maxRetries?: number | undefined
  /**
   * The longest wait, in milliseconds, that a server can ask for before a retry; when it asks for more, the call
   * rejects at once. What it asks of one call by a 429 holds back all others of the client, unless that call, or
   * its client, would not wait so long. @default 60_000
   */
  maxRetryAfterMs?: number | undefined
  /** The largest answer that is read, in bytes. @default 268_435_456 (256 MiB) */
  maxResponseBytes?: number | undefined
  /** Further request headers. A call's are laid over the client's. */
  headers?: HeaderOptions | undefined
  /** Called as `fetch(url, init)` in place of the global one. @default globalThis.fetch, looked up at each call */
  fetch?: Fetch | undefined
  /** Decides when each attempt leaves, such as that of `createPace` in `nebius-rerank/bulk`. @default at once */
  pace?: Pace | undefined
}

/** Options of `createRerankClient`. */
export interface ClientOptions extends SharedOptions {
  /**
   * The API key, sent as a bearer token. `null` sends none, for servers that want none.
   * @default process.env.NEBIUS_API_KEY
   */
  apiKey?: string | null | undefined
  /**
   * Where the service is; `/v1`, `/v1/rerank` and slashes at the end make no difference.
   * @default process.env.NEBIUS_BASE_URL, or 'https://api.tokenfactory.nebius.com'
   */
  baseUrl?: string | URL | undefined
  /** The model of requests that name none. @default 'Qwen/Qwen3-Reranker-8B' */
  model?: string | undefined
  /** Called as attempts go by, for logs and metrics. */
  hooks?: Hooks | undefined
  /** Lets a key travel over plain http to hosts other than loopback. @default false */
  allowInsecureHttp?: boolean | undefined
  /** Lets the client start in a browser, where anybody can read its key. @default false */
  dangerouslyAllowBrowser?: boolean | undefined
}

/** Options of one call. */
export interface CallOptions extends SharedOptions {
  /** Ends the call at once, waits between attempts included; it then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
}

/** The defaults of every option that has a fixed one. */
export const DEFAULTS = Object.freeze({
  baseUrl: 'https://api.tokenfactory.nebius.com',
  model: 'Qwen/Qwen3-Reranker-8B',
  timeoutMs: 60_000,
  deadlineMs: Infinity,
  maxRetries: 2,
  maxRetryAfterMs: 60_000,
  maxResponseBytes: 256 * 1024 * 1024,
})

/** What the options of one level come to. */
export interface Settings {
  projectId: string | undefined
  timeoutMs: number
  deadlineMs: number
  maxRetries: number
  maxRetryAfterMs: number
  maxResponseBytes: number
  headers: HeaderRecord
  fetch: Fetch | undefined
  pace: Pace | undefined
}

/** What the options of a client come to. */
export interface ClientSettings extends Settings {
  baseUrl: string
  model: string
  hooks: Hooks
  /** The base URL's origin, where no key may be sent to it. */
  insecureOrigin: string | undefined
}

/**
 * Checks a client's options and fills in what the environment and the defaults have to say.
 * @throws TypeError for an option of the wrong type or range, a missing key, or a key that would travel in clear.
 */
export function resolveOptions(options: ClientOptions = {}): ClientSettings {
  checkClientOptions(options)
  if (isBrowser() && options.dangerouslyAllowBrowser !== true) {
    throw new TypeError(
      'In a browser anybody can read the API key: call from a server, or set dangerouslyAllowBrowser to true',
    )
  }
  const shared = resolveShared(options, UNSET)
  const baseUrl =
    options.baseUrl === undefined
      ? resolveBaseUrl('NEBIUS_BASE_URL', environment('NEBIUS_BASE_URL') ?? DEFAULTS.baseUrl)
      : resolveBaseUrl('baseUrl', options.baseUrl)

  const key = resolveKey(options)
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    // A browser has a User-Agent of its own, and asks the server's leave before it sends another.
    ...(isBrowser() ? {} : { 'user-agent': `nebius-rerank/${version} (spec ${spec.version})` }),
    ...shared.headers,
  }
  const insecureOrigin = options.allowInsecureHttp === true ? undefined : plainHttpOrigin(baseUrl)
  refuseInsecure(headers, insecureOrigin)
  return {
    ...shared,
    headers,
    baseUrl,
    model: options.model ?? DEFAULTS.model,
    hooks: options.hooks ?? {},
    insecureOrigin,
  }
}

/**
 * Lays a call's options over its client's.
 * @throws TypeError for an option of the wrong type or range, or a key that would travel in clear.
 */
export function resolveCall(options: CallOptions, client: ClientSettings): Settings {
  const settings = resolveShared(options, client)
  refuseInsecure(settings.headers, client.insecureOrigin)
  return settings
}

function resolveShared(options: SharedOptions, base: Settings): Settings {
  checkSharedOptions(options)
  return {
    projectId: options.projectId ?? base.projectId,
    timeoutMs: options.timeoutMs ?? base.timeoutMs,
    deadlineMs: options.deadlineMs ?? base.deadlineMs,
    maxRetries: options.maxRetries ?? base.maxRetries,
    maxRetryAfterMs: options.maxRetryAfterMs ?? base.maxRetryAfterMs,
    maxResponseBytes: options.maxResponseBytes ?? base.maxResponseBytes,
    headers: options.headers === undefined ? base.headers : layOver(base.headers, options.headers),
    fetch: options.fetch ?? base.fetch,
    pace: options.pace ?? base.pace,
  }
}

const UNSET: Settings = { ...DEFAULTS, projectId: undefined, headers: {}, fetch: undefined, pace: undefined }

function resolveKey({ apiKey, fetch }: ClientOptions): string | null {
  const key = apiKey === undefined ? (fetch?.apiKey ?? environment('NEBIUS_API_KEY')) : apiKey
  const name = apiKey === undefined && fetch?.apiKey === undefined ? 'NEBIUS_API_KEY' : 'apiKey'
  if (key === null) return null
  if (key === undefined || key === '') {
    throw new TypeError('No API key: set NEBIUS_API_KEY or pass apiKey (null for a server that wants none)')
  }
  // Checked before any header is built, since what builds headers quotes a bad one in its message.
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
    const found =
      typeof key === 'string' ? 'other characters (not shown; perhaps a line break at its end)' : typeof key
    throw new TypeError(`${name} must be printable ASCII without blanks or line breaks, got ${found}`)
  }
  return key
}

function resolveBaseUrl(name: string, value: string | URL): string {
  const expected = 'an absolute http or https URL without credentials, query or fragment'
  const text = String(value)
  // What may hold credentials is not quoted.
  if (/[@?#]/.test(text))
    throw new TypeError(`${name} must be ${expected}, got one with @, ? or # (not shown)`)
  if (!URL.canParse(text)) refuse(name, expected, text)
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol)) refuse(name, expected, text)
  return (
    url.origin +
    url.pathname
      .replace(/\/+$/, '')
      .replace(/\/v1(?:\/rerank)?$/, '')
      .replace(/\/+$/, '')
  )
}

function plainHttpOrigin(baseUrl: string): string | undefined {
  const { protocol, hostname, origin } = new URL(baseUrl)
  const isLoopback = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || isLoopback ? undefined : origin
}

function refuseInsecure(headers: HeaderRecord, insecureOrigin: string | undefined): void {
  if (insecureOrigin === undefined) return
  const secret = Object.keys(headers).find(isSecretHeader)
  if (secret === undefined) return
  const what = secret === 'authorization' ? 'The API key' : `The header ${secret}`
  throw new TypeError(
    `${what} would travel in clear to ${insecureOrigin}: use https, or set allowInsecureHttp to true`,
  )
}
