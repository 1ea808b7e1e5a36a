import type { Middleware, MiddlewareResponse, ModelRequest, ScoredDocument } from '../index.ts'
import { LONGEST_MS, onAbort } from '../shared/abort.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable, WithDefaults } from '../shared/option-table.ts'
import { property } from '../shared/property.ts'
import { FUNCTION, invalid, isFunction } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'
import { checkText } from './check-text.ts'

/** Options of {@link cache}. */
export interface CacheOptions {
  /** The store of the scores: a Map, an lru-cache, a Keyv, or another object with the same methods. */
  store: CacheStore
  /** The lifetime of a score in milliseconds. @default undefined: as long as the store keeps the score */
  ttlMs?: number | undefined
  /** Returns the key of a pair. @default 'nebius-rerank:' and a SHA-256 of the pair and the request's other fields */
  key?: ((pair: CachePair) => string | Promise<string>) | undefined
  /**
   * The most milliseconds that a call waits for the store. The call also waits at most a quarter of the time until its
   * deadline. Then it continues without the store. @default 100
   */
  storeTimeoutMs?: number | undefined
}

type Settings = WithDefaults<Partial<CacheOptions>, 'key' | 'storeTimeoutMs'>

const isAbove0 = (value: unknown): value is number => typeof value === 'number' && value > 0

const STORE: Rule = [
  (store) => isFunction(property(store, 'get')) && isFunction(property(store, 'set')),
  'an object with the methods get and set',
]

const CACHE: OptionTable<CacheOptions> = {
  store: { rule: STORE },
  ttlMs: { rule: [isAbove0, 'milliseconds above 0'] },
  key: { default: keyOf, rule: FUNCTION },
  storeTimeoutMs: {
    default: 100,
    rule: [(ms) => isAbove0(ms) && ms <= LONGEST_MS, 'milliseconds above 0 and below 2 ** 31'],
  },
}

/** A store of scores. If it throws, the call continues without it. */
export interface CacheStore {
  /** Returns the value of a key, or `undefined` if there is none. */
  get(key: string): unknown
  /** Stores a value. It is needed until the time `value.until`. */
  set(key: string, value: StoredScore): unknown
  /** Returns the values of several keys, in the order of the keys. */
  getMany?(keys: string[]): unknown
  /** Stores several values. */
  setMany?(entries: CacheEntry[]): unknown
}

/** A key and its value, for {@link CacheStore.setMany}. */
export interface CacheEntry {
  /** The key of the pair. */
  key: string
  /** The score of the pair. */
  value: StoredScore
  /** The lifetime of the score in milliseconds. */
  ttl?: number | undefined
}

/** A stored score: plain data that can be written as JSON. */
export interface StoredScore {
  /** The score. */
  score: number
  /** The time at which the score expires, in milliseconds since the epoch; `Infinity`, or `null` in JSON, for never. */
  until: number
}

/** A query and a text, with their request and service. */
export interface CachePair {
  /** The URL of the service, without its path. Models of different services may have the same name. */
  baseUrl: string
  /** The model of the request. */
  model: string
  /** The query, including the instruction if there is one. */
  query: string
  /** The text of the document. */
  text: string
  /** The request. */
  request: ModelRequest
}

/**
 * Makes a middleware that stores the score of each pair of query and text, for each service and model. Only pairs without
 * a stored score are sent. If several calls need the same pair at the same time, it is sent once. `cached` in the result
 * is the number of scores from the cache. A call never fails because its store fails or is slow.
 *
 * Put it after `longDocuments` and `instruction` in `use`, so that it sees the texts that are sent.
 *
 * @throws TypeError for an invalid option
 * @example
 * const client = createRerankClient({ use: [cache({ store: new Map(), ttlMs: 3_600_000 })] })
 * const { cached } = await client.rank.withUsage('capital of France', texts)
 */
export function cache(options: CacheOptions): Middleware {
  const { store, ttlMs, key, storeTimeoutMs } = readOptions(options, CACHE) as Settings
  if (store === undefined) invalid('store', STORE[1], store)
  /** The scores of calls in flight, by the keys of their pairs. Those of a call that fails are empty. */
  const flights = new Map<string, Promise<ReadonlyMap<string, number>>>()

  return async (request, next, { signal, baseUrl, remainingMs }) => {
    const { documents, model, query } = request
    // With `top_n`, the response lacks scores, so nothing is cached.
    if ('top_n' in request) return next(request)
    const keys = await Promise.all(
      documents.map(async (text) =>
        checkText('the result of key', await key({ baseUrl, model, query, text, request })),
      ),
    )
    const texts = new Map(keys.map((each, index) => [each, documents[index] ?? '']))
    const scores = new Map<string, number>()
    // Most of the time until the deadline must remain for the service.
    const storeMs = Math.min(storeTimeoutMs, remainingMs() / 4)
    const found = await within(readAll(store, [...texts.keys()]), storeMs, signal)
    ;[...texts.keys()].forEach((each, place) => keep(scores, each, scoreIn(found?.[place])))

    const ask = async (asked: readonly string[]) => {
      const response = await next({ ...request, documents: asked.map((each) => texts.get(each) ?? '') })
      for (const { index, relevance_score } of response.body.results) {
        keep(scores, asked[index] ?? '', relevance_score)
      }
      return response
    }
    const missing = [...texts.keys()].filter((each) => !scores.has(each))
    const others = missing.flatMap((each) => flights.get(each) ?? [])
    const sent = new Set(missing.filter((each) => !flights.has(each)))
    let response: MiddlewareResponse | undefined
    if (sent.size > 0) {
      const asked = [...sent]
      const own = ask(asked)
      const settled = own.then(
        () => scores,
        () => new Map(),
      )
      for (const each of asked) flights.set(each, settled)
      // Later calls find the scores here until they are in the store.
      void settled
        .then((known) => within(writeAll(store, known, asked, ttlMs), storeTimeoutMs))
        .then(() => asked.forEach((each) => flights.delete(each)))
      response = await own
    }
    if (others.length > 0) {
      for (const known of (await within(Promise.all(others), remainingMs(), signal)) ?? []) {
        for (const each of missing) keep(scores, each, known.get(each))
      }
      // If another call failed, for example by its own abort, its pairs are sent by this one.
      const rest = missing.filter((each) => !scores.has(each))
      if (rest.length > 0) response = await ask(rest)
      for (const each of rest) sent.add(each)
    }

    const results = documents
      .map((text, index) => ({ index, relevance_score: scores.get(keys[index] ?? ''), document: { text } }))
      .filter((result): result is typeof result & ScoredDocument => result.relevance_score !== undefined)
      .sort((a, b) => b.relevance_score - a.relevance_score)
    return {
      ...NOT_SENT,
      ...response,
      cached: keys.filter((each) => !sent.has(each)).length,
      body: { id: 'cached', model, usage: NOTHING_USED, ...response?.body, results },
    }
  }
}

function keep(scores: Map<string, number>, key: string, score: number | undefined): void {
  if (score !== undefined) scores.set(key, score)
}

const NOTHING_USED = { prompt_tokens: 0, total_tokens: 0 }

/** The facts of a response whose scores all came from the cache. */
const NOT_SENT = {
  status: 200,
  attempts: 0,
  headers: { get: () => null, [Symbol.iterator]: () => [].values() },
}

/** The key of a pair: a hash of everything that the score may depend on. */
async function keyOf({ baseUrl, model, query, text, request }: CachePair): Promise<string> {
  const others = Object.entries(request).filter(([name]) => !BESIDE.includes(name))
  return `nebius-rerank:${await hash(JSON.stringify([baseUrl, model, query, text, others.sort()]))}`
}

/** Fields of the request that are in the key already, or that do not affect the score. */
const BESIDE = ['model', 'query', 'documents', 'user', 'service_tier']

async function hash(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...bytes))
}

async function readAll(store: CacheStore, keys: string[]): Promise<readonly unknown[] | undefined> {
  const found = store.getMany
    ? await store.getMany(keys)
    : await Promise.all(keys.map(async (key) => store.get(key)).map((each) => each.catch(() => undefined)))
  return found as readonly unknown[] | undefined
}

async function writeAll(
  store: CacheStore,
  scores: ReadonlyMap<string, number>,
  keys: readonly string[],
  ttlMs: number | undefined,
): Promise<void> {
  const entries = keys.flatMap((key) => {
    const score = scores.get(key)
    if (score === undefined) return []
    return [{ key, value: { score, until: Date.now() + (ttlMs ?? Infinity) }, ttl: ttlMs }]
  })
  if (store.setMany) await store.setMany(entries)
  else await Promise.all(entries.map(async ({ key, value }) => store.set(key, value)))
}

function scoreIn(value: unknown): number | undefined {
  const { score = NaN, until } = (value ?? {}) as Partial<StoredScore>
  return Number.isFinite(score) && (until ?? Infinity) > Date.now() ? score : undefined
}

/** Resolves with a result, or with `undefined` if it fails, takes too long, or `signal` aborts. */
function within<Result>(
  given: Promise<Result>,
  ms: number,
  signal?: AbortSignal,
): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const nothing = (): void => done(undefined)
    const timer = ms === Infinity ? undefined : setTimeout(nothing, ms)
    const forget = signal && onAbort(signal, nothing)
    const done = (result: Result | undefined): void => {
      clearTimeout(timer)
      forget?.()
      resolve(result)
    }
    given.then(done, nothing)
    if (signal?.aborted) nothing()
  })
}
