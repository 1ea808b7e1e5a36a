import { LONGEST_MS } from '../shared/abort.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { property } from '../shared/property.ts'
import { FLAG, FUNCTION, isFunction, isWhole } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'
import { layOver } from './headers.ts'
import type { HeaderRecord } from './headers.ts'
import type { Hooks } from './hooks.ts'
import type { CallOptions, ClientOptions, SharedOptions } from './types.ts'

const between = (least: number, most: number, what: string): Rule => [
  (value) => typeof value === 'number' && value >= least && value <= most,
  `${what} from ${least} to ${most}`,
]

const MILLISECONDS = between(1, LONGEST_MS, 'milliseconds')
const RETRIES = between(0, 100, 'a whole number')

/** Checked where it is used, by checks that quote no secret. */
const ANY: Rule = [() => true, '']

const SHARED: OptionTable<SharedOptions> = {
  projectId: {
    rule: [(id) => typeof id === 'string' && !/\p{Cs}/u.test(id), 'a string without lone surrogates'],
  },
  timeoutMs: { default: 60_000, rule: MILLISECONDS },
  deadlineMs: { default: Infinity, rule: [(ms) => ms === Infinity || MILLISECONDS[0](ms), MILLISECONDS[1]] },
  maxRetries: {
    default: 2,
    rule: [(count) => isWhole(count) && RETRIES[0](count), RETRIES[1]],
  },
  maxRetryAfterMs: {
    default: 60_000,
    rule: between(0, LONGEST_MS, 'milliseconds'),
  },
  maxResponseBytes: {
    default: 256 * 1024 * 1024,
    rule: [(bytes) => typeof bytes === 'number' && bytes >= 1, 'a number of bytes, 1 or more'],
  },
  headers: { default: {}, rule: ANY, merge: (base, over) => layOver(base as HeaderRecord, over) },
  fetch: { rule: FUNCTION },
  rateLimiter: {
    rule: [(limiter) => isFunction(property(limiter, 'acquire')), 'an object with a method acquire'],
  },
}

/** The options of a call. */
export const CALL: OptionTable<CallOptions> = {
  ...SHARED,
  // Asked by its methods, since a signal may come from another realm.
  signal: { rule: [(signal) => isFunction(property(signal, 'throwIfAborted')), 'an AbortSignal'] },
}

/** The options of a client. */
export const CLIENT: OptionTable<ClientOptions> = {
  ...SHARED,
  headers: { default: {}, rule: ANY },
  apiKey: { rule: ANY },
  baseUrl: { rule: ANY },
  model: {
    default: 'Qwen/Qwen3-Reranker-8B',
    rule: [(model) => typeof model === 'string' && model !== '', 'a model id'],
  },
  hooks: {
    default: {},
    rule: [(hooks) => typeof hooks === 'object' && hooks !== null, 'an object of functions'],
  },
  use: {
    default: [],
    rule: [(use) => Array.isArray(use) && use.every(isFunction), 'an array of middlewares'],
  },
  allowInsecureHttp: { default: false, rule: FLAG },
  dangerouslyAllowBrowser: { default: false, rule: FLAG },
}

/** The hooks of a client. */
export const HOOKS: OptionTable<Hooks> = {
  onRequest: { rule: FUNCTION },
  onResponse: { rule: FUNCTION },
  onRetry: { rule: FUNCTION },
  onError: { rule: FUNCTION },
}
