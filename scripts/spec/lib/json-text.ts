// JSON text, read as far as somebody asks for it.

import { types } from 'node:util'
import {
  afterColon,
  afterSpace,
  afterString,
  afterValue,
  CLOSE_OBJECT,
  COMMA,
  JsonMistake,
  OPEN_OBJECT,
  twice,
} from './json-scan.ts'

/** A mark in place of a value that is too large to be read: more than 4 MiB of text. */
export const TOO_LARGE = Symbol('more than 4 MiB of text')

const LARGE = 64 * 1024
const HUGE = 4 * 1024 * 1024
// Each level is read again, so that they are few.
const MAX_LAZY_LEVELS = 8

/**
 * Reads JSON as `JSON.parse` does, except large objects, whose members are read when they are asked for: what nobody
 * asks for takes up no more memory than its text. Of a key that is there twice the last counts.
 *
 * @throws JsonMistake if any of the text is not JSON.
 */
export function parseJsonText(text: string): unknown {
  const start = afterSpace(text, 0)
  const end = afterSpace(text, afterValue(text, start))
  if (end < text.length) throw new JsonMistake(text, end)
  return valueIn(text, start, MAX_LAZY_LEVELS, end)
}

/** True for an object without members; of a large one, which has some, no names are read. */
export function hasNoMembers(value: object): boolean {
  return !types.isProxy(value) && Object.keys(value).length === 0
}

function valueIn(text: string, start: number, levels: number, end = afterValue(text, start)): unknown {
  const length = end - start
  if (length > LARGE && levels > 0 && text.charCodeAt(start) === OPEN_OBJECT)
    return lazyObject(text, start, levels)
  return length > HUGE ? TOO_LARGE : JSON.parse(text.slice(start, end))
}

function lazyObject(text: string, start: number, levels: number): object {
  const members = membersOf(text, start)
  const known = new Map<string, unknown>()
  const valueOf = (key: string, place: number): unknown => {
    if (!known.has(key)) known.set(key, valueIn(text, place, levels - 1))
    return known.get(key)
  }
  const placeOf = (key: string | symbol): number | undefined =>
    typeof key === 'string' ? members.find(key) : undefined
  const get = (_: object, key: string | symbol): unknown => {
    const place = placeOf(key)
    return place === undefined ? undefined : valueOf(String(key), place)
  }
  return new Proxy(Object.create(null) as object, {
    get,
    has: (_, key) => placeOf(key) !== undefined,
    ownKeys: () => members.names(),
    // Without its value: whether a member is there is asked of many that nobody reads.
    getOwnPropertyDescriptor: (target, key) =>
      placeOf(key) === undefined
        ? undefined
        : { get: () => get(target, key), enumerable: true, configurable: true },
    set: () => false,
    deleteProperty: () => false,
    defineProperty: () => false,
  })
}

/** Where the members of an object stand: a hash table. There may be millions, so that a member costs a few bytes. */
class Members {
  readonly #text: string
  #count = 0
  /** Where the keys start, by their order. */
  #keys = new Uint32Array(64)
  /** One more than the position in that order, by hash; 0 if there is none. */
  #table = new Uint32Array(256)

  constructor(text: string) {
    this.#text = text
  }

  /** Adds the member whose key starts at a place; it takes the place of another of that name. */
  add(start: number): void {
    if (this.#count === this.#keys.length) {
      this.#keys = twice(this.#keys)
      this.#table = new Uint32Array(this.#table.length * 2)
      for (let at = 0; at < this.#count; at++) this.#table[this.#slotOf(this.#nameAt(at))] = at + 1
    }
    this.#keys[this.#count] = start
    this.#table[this.#slotOf(this.#nameAt(this.#count))] = ++this.#count
  }

  /** Where the value of a name starts; undefined if there is none. */
  find(name: string): number | undefined {
    const place = this.#table[this.#slotOf(name)] ?? 0
    if (place === 0) return undefined
    return afterColon(this.#text, afterString(this.#text, this.#keys[place - 1] ?? 0))
  }

  names(): string[] {
    return [...new Set(Array.from({ length: this.#count }, (_, at) => this.#nameAt(at)))]
  }

  #slotOf(name: string): number {
    const size = this.#table.length
    let slot = hashOf(name) & (size - 1)
    for (let place = this.#table[slot]; place; place = this.#table[slot]) {
      if (this.#nameAt(place - 1) === name) break
      slot = (slot + 1) & (size - 1)
    }
    return slot
  }

  #nameAt(at: number): string {
    const start = this.#keys[at] ?? 0
    const key = this.#text.slice(start + 1, afterString(this.#text, start) - 1)
    return key.includes('\\') ? String(JSON.parse(`"${key}"`)) : key
  }
}

function membersOf(text: string, start: number): Members {
  const members = new Members(text)
  let at = afterSpace(text, start + 1)
  while (text.charCodeAt(at) !== CLOSE_OBJECT) {
    const end = afterString(text, at)
    members.add(at)
    at = afterSpace(text, afterValue(text, afterColon(text, end)))
    if (text.charCodeAt(at) === COMMA) at = afterSpace(text, at + 1)
  }
  return members
}

// Not the same in any two runs, so that nobody can choose names that collide.
const SEED = Math.floor(Math.random() * 2 ** 32)

/** FNV-1a over code units, mixed once more: the low bits decide. */
function hashOf(name: string): number {
  let hash = SEED
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}
