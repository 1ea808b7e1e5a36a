/** A value that JSON can express. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** True if a value is an object of named values: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value found by following own keys from a value; undefined if the way ends. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  )
}

/** The value that a JSON pointer's keys lead to, through objects and lists; undefined if the way ends. */
export function valueAlong(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (Array.isArray(inner) && /^\d+$/.test(key) ? inner[Number(key)] : valueAt(inner, key)),
    value,
  )
}

/** The JSON pointer of a key inside the object or array that `pointer` names (RFC 6901). */
export function pointerTo(pointer: string, key: string | number): string {
  const text = String(key)
  return `${pointer}/${/[~/]/.test(text) ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text}`
}

/** Compares by code unit, which is the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Where a value first nests deeper than `limit` levels, as a pointer; walks without recursion. */
export function tooDeepAt(value: unknown, limit: number): string | undefined {
  const open = [{ value, pointer: '#', level: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { pointer, level } = next
    if (typeof next.value !== 'object' || next.value === null) continue
    if (level === limit) return pointer
    for (const [key, inner] of Object.entries(next.value)) {
      open.push({ value: inner, pointer: pointerTo(pointer, key), level: level + 1 })
    }
  }
  return undefined
}

/** The types that JSON knows. */
export type JsonType = 'array' | 'boolean' | 'null' | 'number' | 'object' | 'string'

/** The JSON type of a value. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : (typeof value as JsonType)
}

/** JSON with the keys of every object in one order: the same text for equal values. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => byCodeUnit(a, b))) : inner,
  )
}
