/** Throws the TypeError for an argument, with its name, the valid values, and the actual value. */
export function invalid(name: string, expected: string, value: unknown): never {
  throw new TypeError(`${name} must be ${expected}, got ${describe(value)}`)
}

/** Throws for a value that is not an object. It does not quote a string, which may be a key passed instead of options. */
export function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value === 'object' && value !== null) return
  throw new TypeError(`${name} must be an object, got ${value === null ? 'null' : typeof value}`)
}

/** A value as a message quotes it: short, on one line. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** A test for valid values, and a description of them for messages. */
export type Rule = readonly [isValid: (value: unknown) => boolean, expected: string]

export const isFunction = (value: unknown): boolean => typeof value === 'function'

/** Rules that more than one table of options uses. */
export const FUNCTION: Rule = [isFunction, 'a function']
export const FLAG: Rule = [(value) => typeof value === 'boolean', 'true or false']
export const WHOLE: Rule = [(value) => isWhole(value) && value >= 1, 'a whole number, 1 or more']

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

/** True if a value is an iterable, but not a string: a string is never meant as a list of its characters. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
