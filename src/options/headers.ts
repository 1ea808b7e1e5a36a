import { assertObject } from '../shared/validate.ts'

/** Request headers; `null` removes one. */
export type HeaderOptions = Iterable<[string, string]> | Readonly<Record<string, string | null | undefined>>

/** Request headers by lower-case name. A plain object, because it is faster than `Headers`. */
export type HeaderRecord = Readonly<Record<string, string>>

/** Headers that delimit a request. With a wrong value, the request hangs, or the server reads it as two. */
const RESERVED = /^(?:connection|content-length|expect|host|keep-alive|te|transfer-encoding|upgrade)$/

/**
 * Merges headers. Those of `over` take precedence.
 * @throws TypeError for an invalid name or value, without quoting text that may contain a secret
 */
export function layOver(base: HeaderRecord, over: HeaderOptions): HeaderRecord {
  assertObject('headers', over)
  const headers = new Map(Object.entries(base))
  // Checked by iterability instead of by class, because Headers may come from another realm.
  const entries: Iterable<unknown> = Symbol.iterator in over ? over : Object.entries(over)
  for (const entry of entries) {
    const [given, value, ...more] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (typeof given !== 'string' || more.length > 0 || !/^[!#$%&'*+.^_`|~\w-]+$/.test(given)) {
      throw new TypeError('headers: a name is not valid in HTTP (not shown)')
    }
    const name = given.toLowerCase()
    if (RESERVED.test(name))
      throw new TypeError(`headers: ${given} is set when the request is sent, so leave it out`)
    if (value === null) headers.delete(name)
    // `Headers` would quote the value in its messages.
    else if (typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) headers.set(name, value)
    else if (value !== undefined) {
      throw new TypeError(`headers: the value of ${given} is not valid in HTTP (not shown)`)
    }
  }
  return Object.fromEntries(headers)
}
