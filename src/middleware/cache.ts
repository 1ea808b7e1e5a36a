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
  /** The store of the scores: a Map, an lru-cache, a Keyv, or anything with the same methods. */
  store: CacheStore
  /** Milliseconds for which a score is good. @default undefined: for good */
  ttlMs?: number | undefined
  /** Gives the key of a pair. @default 'nebius-rerank:' and a SHA-256 of the pair and the request's other fields */
  key?: ((pair: CachePair) => string | Promise<string>) | undefined
  /**
   * The most milliseconds that a call waits for the store, and at most a quarter of what remains until its deadline; then
   * it goes on without. @default 100
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

/** A store of scores. Whatever it throws, a call goes on without. */
export interface CacheStore {
  /** Gives the value of a key, or anything else where there is none. */
  get(key: string): unknown
  /** Keeps a value; its `until` tells for how long it is needed. */
  set(key: string, value: StoredScore): unknown
  /** Gives the values of keys, in their order. */
  getMany?(keys: string[]): unknown
  /** Keeps several values. */
  setMany?(entries: CacheEntry[]): unknown
}

/** A value as {@link CacheStore.setMany} takes it. */
export interface CacheEntry {
  /** The key of the pair. */
  key: string
  /** Its score. */
  value: StoredScore
  /** Milliseconds for which it is good. */
  ttl?: number | undefined
}

/** A score as it is stored: plain data, fit for JSON. */
export interface StoredScore {
  /** The score. */
  score: number
  /** The time at which it is good no more, in milliseconds since the epoch; `null` in JSON for never. */
  until: number
}

/** A query and a text, and the request and the service that they are of. */
export interface CachePair {
  /** The URL of the service, without its path: models of different ones may share a name. */
  baseUrl: string
  /** The model of the request. */
  model: string
  /** The query, with its instruction where there is one. */
  query: string
  /** The text of the document. */
  text: string
  /** The request. */
  request: ModelRequest
}

/**
 * Makes a middleware that keeps the score of each pair of query and text, by service and model, and sends only what is missing. Equal
 * pairs that are asked for at the same time are sent once. The response says how many scores were `cached`. A store that
 * fails, or takes too long, never fails a call.
 *
 * Put it after `longDocuments` and `instruction` in `use`, so that it keeps what is really sent.
 *
 * @throws TypeError for an invalid option
 * @example
 * const client = createRerankClient({ use: [cache({ store: new Map(), ttlMs: 3_600_000 })] })
 * const { cached } = await client.rank.withUsage('capital of France', texts)
 */
export function cache(options: CacheOptions): Middleware {
  const { store, ttlMs, key, storeTimeoutMs } = readOptions(options, CACHE) as Settings
  if (store === undefined) invalid('store', STORE[1], store)
  /** The scores of calls in flight, by the keys of their pairs; without those of a call that failed. */
  const flights = new Map<string, Promise<ReadonlyMap<string, number>>>()

  return async (request, next, { signal, baseUrl, remainingMs }) => {
    const { documents, model, query } = request
    // A server that is to leave some out scores them all the same, and does not tell.
    if ('top_n' in request) return next(request)
    const keys = await Promise.all(
      documents.map(async (text) =>
        checkText('the result of key', await key({ baseUrl, model, query, text, request })),
      ),
    )
    const texts = new Map(keys.map((each, index) => [each, documents[index] ?? '']))
    const scores = new Map<string, number>()
    // Most of the time until the deadline is for the service.
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
      // They stay until they can be found in the store.
      void settled
        .then((known) => within(writeAll(store, known, asked, ttlMs), storeTimeoutMs))
        .then(() => asked.forEach((each) => flights.delete(each)))
      response = await own
    }
    if (others.length > 0) {
      for (const known of (await within(Promise.all(others), remainingMs(), signal)) ?? []) {
        for (const each of missing) keep(scores, each, known.get(each))
      }
      // Those whose call failed, by its own abort for one, are sent after all.
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

/** The facts of a response whose scores were all known. */
const NOT_SENT = {
  status: 200,
  attempts: 0,
  headers: { get: () => null, [Symbol.iterator]: () => [].values() },
}

/** The key of a pair: of all that its score may depend on. */
async function keyOf({ baseUrl, model, query, text, request }: CachePair): Promise<string> {
  const others = Object.entries(request).filter(([name]) => !BESIDE.includes(name))
  return `nebius-rerank:${await hash(JSON.stringify([baseUrl, model, query, text, others.sort()]))}`
}

/** Fields that the key has, and those that change no score. */
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

/** Settles with a result, or with nothing when it fails, takes too long, or nobody waits for it any more. */
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
