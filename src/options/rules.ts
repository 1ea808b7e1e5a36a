import { checkIsObject, checkOptions, refuse } from '../shared/validate.ts'
import type { Rule } from '../shared/validate.ts'
import { property } from '../shared/property.ts'

/** @throws TypeError for an option of a client alone, or a hook, of the wrong type */
export function checkClientOptions(options: { hooks?: object | undefined }): void {
  checkIsObject('options', options)
  checkOptions(options, CLIENT_RULES)
  checkOptions(options.hooks ?? {}, HOOK_RULES)
}

/** @throws TypeError for what is no AbortSignal */
export function checkSignal(signal: unknown): void {
  // Asked by its methods, since a signal may come from another realm.
  const isSignal = signal === undefined || typeof property(signal, 'throwIfAborted') === 'function'
  if (!isSignal) refuse('signal', 'an AbortSignal', signal)
}

/** @throws TypeError for an option of a client or a call of the wrong type or range */
export function checkSharedOptions(options: object): void {
  checkOptions(options, SHARED_RULES)
}

type Rules = Readonly<Record<string, Rule>>

/** Timers hold 31 bits of milliseconds, nearly 25 days. */
const LONGEST_MS = 2 ** 31 - 1

const MILLISECONDS: Rule = [(ms) => isNumber(ms, 1, LONGEST_MS), `milliseconds from 1 to ${LONGEST_MS}`]

const SHARED_RULES: Rules = {
  projectId: [(id) => typeof id === 'string' && !/\p{Cs}/u.test(id), 'a string without lone surrogates'],
  timeoutMs: MILLISECONDS,
  deadlineMs: [(ms) => ms === Infinity || MILLISECONDS[0](ms), MILLISECONDS[1]],
  maxRetries: [(n) => Number.isInteger(n) && isNumber(n, 0, 100), 'a whole number from 0 to 100'],
  maxRetryAfterMs: [(ms) => isNumber(ms, 0, LONGEST_MS), `milliseconds from 0 to ${LONGEST_MS}`],
  maxResponseBytes: [(bytes) => isNumber(bytes, 1, Infinity), 'a number of bytes, 1 or more'],
  fetch: [(fetch) => typeof fetch === 'function', 'a function'],
  pace: [(pace) => typeof property(pace, 'enter') === 'function', 'an object with a method enter'],
}

const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const FUNCTION: Rule = [(value) => typeof value === 'function', 'a function']

const CLIENT_RULES: Rules = {
  model: [(model) => typeof model === 'string' && model !== '', 'a model id'],
  hooks: [(hooks) => typeof hooks === 'object' && hooks !== null, 'an object of functions'],
  allowInsecureHttp: [isFlag, 'true or false'],
  dangerouslyAllowBrowser: [isFlag, 'true or false'],
}

const HOOK_RULES: Rules = {
  onRequest: FUNCTION,
  onResponse: FUNCTION,
  onRetry: FUNCTION,
  onError: FUNCTION,
}

function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}
