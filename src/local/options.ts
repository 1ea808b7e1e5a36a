import type { RerankRequest } from '../index.ts'
import { LONGEST_MS } from '../shared/abort.ts'

/** Options of `createLocalReranker`. */
export interface LocalRerankerOptions {
  /** The only bearer key that is accepted; any other is a 401. @default none: any key that is not empty */
  apiKey?: string | undefined
  /** IDs of the models that requests may name; another is a 404. @default ['Qwen/Qwen3-Reranker-8B'] */
  models?: readonly string[] | undefined
  /** The largest request body, in bytes; a larger one is a 413. @default 33_554_432 (32 MiB) */
  maxBodyBytes?: number | undefined
  /** The most documents of a request; a request with more is a 422, or a 413 that is not parsed. @default 100_000 */
  maxDocuments?: number | undefined
  /** Lets web pages of any origin call the endpoint. @default false */
  cors?: boolean | undefined
  /** Milliseconds to wait before each response. @default 0 */
  latencyMs?: number | undefined
  /** The share of requests that fail with a 503, from 0 to 1. @default 0 */
  failRate?: number | undefined
  /** Requests allowed in a minute; more are a 429 with the service's headers. @default none */
  rateLimit?: number | undefined
  /**
   * Gives the response to a valid request in place of the endpoint, or `undefined` to leave it to it.
   * @default undefined
   */
  respond?: LocalRespond | undefined
  /** Scores documents in place of BM25: a number each, in their order. @default undefined */
  score?: LocalScore | undefined
}

/** A response of one's own to a request. */
export type LocalRespond = (request: RerankRequest) => Response | undefined | Promise<Response | undefined>

/** A scorer of one's own. */
export type LocalScore = (
  query: string,
  documents: readonly string[],
) => ArrayLike<number> | Promise<ArrayLike<number>>

/** Options of `serveLocalReranker`. */
export interface LocalServerOptions extends LocalRerankerOptions {
  /** The TCP port, from 0 to 65535; 0 takes a free one. @default 0 */
  port?: number | undefined
  /** The address or host name to listen on. @default '127.0.0.1' */
  host?: string | undefined
}

/** {@link LocalRerankerOptions} with the defaults filled in. */
export interface Settings {
  apiKey: string | undefined
  models: readonly string[]
  maxBodyBytes: number
  maxDocuments: number
  cors: boolean
  latencyMs: number
  failRate: number
  rateLimit: number | undefined
  respond: LocalRespond | undefined
  score: LocalScore | undefined
}

const DEFAULTS = Object.freeze({
  models: Object.freeze(['Qwen/Qwen3-Reranker-8B']),
  maxBodyBytes: 32 * 1024 * 1024,
  maxDocuments: 100_000,
  cors: false,
  port: 0,
  host: '127.0.0.1',
})

/**
 * Checks the endpoint's options and fills in the defaults.
 * @throws TypeError for an option of the wrong type or range.
 */
export function resolveSettings(options: LocalRerankerOptions = {}): Settings {
  check(options)
  return {
    apiKey: options.apiKey,
    models: [...(options.models ?? DEFAULTS.models)],
    maxBodyBytes: options.maxBodyBytes ?? DEFAULTS.maxBodyBytes,
    maxDocuments: options.maxDocuments ?? DEFAULTS.maxDocuments,
    cors: options.cors ?? DEFAULTS.cors,
    latencyMs: options.latencyMs ?? 0,
    failRate: options.failRate ?? 0,
    rateLimit: options.rateLimit,
    respond: options.respond,
    score: options.score,
  }
}

/**
 * Checks all the server's options and gives where it listens.
 * @throws TypeError for an option of the wrong type or range.
 */
export function resolveAddress(options: LocalServerOptions = {}): { port: number; host: string } {
  check(options)
  return { port: options.port ?? DEFAULTS.port, host: options.host ?? DEFAULTS.host }
}

type Rule = readonly [isValid: (value: unknown) => boolean, expected: string]

const RULES: Readonly<Record<keyof LocalServerOptions, Rule>> = {
  apiKey: [isKey, 'printable ASCII without blanks'],
  models: [(ids) => Array.isArray(ids) && ids.length > 0 && ids.every(isText), 'an array of model ids'],
  maxBodyBytes: [(bytes) => isWhole(bytes, 1, Number.MAX_SAFE_INTEGER), 'a whole number of bytes, 1 or more'],
  maxDocuments: [(count) => isWhole(count, 1, Number.MAX_SAFE_INTEGER), 'a whole number, 1 or more'],
  cors: [(cors) => typeof cors === 'boolean', 'a boolean'],
  latencyMs: [(ms) => isWhole(ms, 0, LONGEST_MS), 'milliseconds, a whole number'],
  failRate: [(share) => typeof share === 'number' && share >= 0 && share <= 1, 'a number from 0 to 1'],
  rateLimit: [(count) => isWhole(count, 0, Number.MAX_SAFE_INTEGER), 'a whole number of requests'],
  respond: [(respond) => typeof respond === 'function', 'a function'],
  score: [(score) => typeof score === 'function', 'a function'],
  port: [(port) => isWhole(port, 0, 65_535), 'a whole number from 0 to 65535'],
  host: [isText, 'an address or host name'],
}

function check(options: LocalServerOptions): void {
  if (typeof options !== 'object' || (options as unknown) === null) refuse('options', 'an object', options)
  for (const [name, [isValid, expected]] of Object.entries(RULES)) {
    const value: unknown = options[name as keyof LocalServerOptions]
    if (value !== undefined && !isValid(value)) refuse(name, expected, value)
  }
}

function refuse(name: string, expected: string, value: unknown): never {
  // A key is never quoted.
  const found =
    name === 'apiKey' && typeof value === 'string' ? 'something else (not shown)' : describe(value)
  throw new TypeError(`${name} must be ${expected}, got ${found}`)
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60))
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
