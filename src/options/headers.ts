import { assertObject } from '../shared/validate.ts'

/** Request headers; `null` removes one. */
export type HeaderOptions = Iterable<[string, string]> | Readonly<Record<string, string | null | undefined>>

/** Request headers by lower-case name: plain data, since each Headers object made costs a call time. */
export type HeaderRecord = Readonly<Record<string, string>>

/** Headers that frame a request: a wrong one makes it hang, or be taken for two. */
const RESERVED = /^(?:connection|content-length|expect|host|keep-alive|te|transfer-encoding|upgrade)$/

/**
 * Lays headers over others.
 * @throws TypeError for a name or a value that no header can have; text that may hold a secret is not quoted
 */
export function layOver(base: HeaderRecord, over: HeaderOptions): HeaderRecord {
  assertObject('headers', over)
  const headers = new Map(Object.entries(base))
  // Headers by what they can do, since they may come from another realm.
  const entries: Iterable<unknown> = Symbol.iterator in over ? over : Object.entries(over)
  for (const entry of entries) {
    const [given, value, ...more] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (typeof given !== 'string' || more.length > 0 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(given)) {
      throw new TypeError(
        'headers must have names such as x-trace-id, got one that no header can have (not shown)',
      )
    }
    const name = given.toLowerCase()
    if (RESERVED.test(name)) throw new TypeError(`headers: ${given} is set by the sender of the request`)
    if (value === null) headers.delete(name)
    // The messages of `Headers` would quote the value.
    else if (typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) headers.set(name, value)
    else if (value !== undefined) {
      throw new TypeError(`headers: the value of ${given} must be text that a header can hold (not shown)`)
    }
  }
  return Object.fromEntries(headers)
}
