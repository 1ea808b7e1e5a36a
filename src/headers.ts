import { refuse } from './refuse.ts'

/** Request headers; `null` takes one away. */
export type HeaderOptions = Headers | Readonly<Record<string, string | null | undefined>>

/** Request headers by lower-case name: plain data, since each Headers object made costs a call time. */
export type HeaderRecord = Readonly<Record<string, string>>

/** Headers that frame a request: a wrong one makes it hang, or be taken for two. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Lays headers over others. @throws TypeError for a name or a value that no header can have */
export function layOver(base: HeaderRecord, over: HeaderOptions): HeaderRecord {
  const headers = new Map(Object.entries(base))
  // Headers by what they can do, since they may come from another realm.
  for (const [name, value] of Symbol.iterator in over ? over : Object.entries(over)) {
    if (value === undefined) continue
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) refuse('headers', 'made of valid header names', name)
    if (RESERVED.has(name.toLowerCase())) {
      throw new TypeError(`headers: ${name} is set by whoever sends the request`)
    }
    if (value === null) headers.delete(name.toLowerCase())
    // The value may be a secret, so it is not quoted; the messages of `Headers` would.
    else if (isHeaderValue(value)) headers.set(name.toLowerCase(), value)
    else throw new TypeError(`headers: the value of ${name} must be text that a header can hold (not shown)`)
  }
  return Object.fromEntries(headers)
}

/** Whether a header's value is a secret, whoever set it. */
export function isSecretHeader(name: string): boolean {
  return /auth|cookie|cred|jwt|key|pass|secret|session|sign|token/i.test(name)
}

function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}
