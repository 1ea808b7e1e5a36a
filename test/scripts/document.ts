import { readFileSync } from 'node:fs'

/**
 * A pinned contract's text, which is an upstream document as well: one edition of it for good, so that these tests
 * say the same however the real one moves.
 */
export const PINNED_TEXT = readFileSync(new URL('../fixtures/edition/openapi.json', import.meta.url), 'utf8')

/** Pointers to the places that the tests change. */
export const POST = '/paths/~1v1~1rerank/post'
export const REQUEST_JSON = `${POST}/requestBody/content/application~1json`
export const SCHEMAS = '/components/schemas'
export const TEXT = `${SCHEMAS}/RerankDocument/properties/text`

/** A change of the pinned contract: the value at a JSON pointer, or undefined to remove it. */
export type Edit = readonly [pointer: string, value: unknown]

/** The pinned contract as an upstream document, with changes. */
export function edited(...edits: readonly Edit[]): unknown {
  const document: unknown = JSON.parse(PINNED_TEXT)
  for (const [pointer, value] of edits) edit(document, pointer, value)
  return document
}

/** The same document with the keys of every object in another order, decided by `seed`. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => ({ key, inner: shuffled(inner, seed), rank: rankOf(key, seed) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ key, inner }) => [key, inner]),
  )
}

/** The pinned contract as it looks in the whole API: further paths and schemas all around it. */
export function wholeApi(paths: number, schemas: number): unknown {
  const edits: Edit[] = [
    ['/info/description', 'The whole API'],
    ['/tags', [{ name: 'inference' }, { name: 'files' }]],
    ['/webhooks', { done: { post: { responses: { 200: { description: 'OK' } } } } }],
    [`${POST}/callbacks`, { done: {} }],
    [`${POST}/x-order`, 7],
  ]
  for (let index = 0; index < schemas; index++) {
    edits.push([`${SCHEMAS}/Other${index}`, otherSchema(index, schemas)])
  }
  for (let index = 0; index < paths; index++) {
    edits.push([`/paths/~1v1~1other~1${index}`, { post: otherOperation(index) }])
  }
  return edited(...edits)
}

function otherSchema(index: number, total: number): object {
  const next = { $ref: `#/components/schemas/Other${(index + 1) % total}` }
  const usage = { $ref: '#/components/schemas/RerankUsage' }
  return { type: 'object', title: `Other ${index}`, properties: { next, usage }, 'x-index': index }
}

function otherOperation(index: number): object {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/Other${index}` } } }
  return { operationId: `other_${index}`, requestBody: { content }, responses: { 200: { content } } }
}

function edit(document: unknown, pointer: string, value: unknown): void {
  const keys = pointer.slice(1).split('/').map(unescaped)
  const last = keys.pop() ?? ''
  const target = keys.reduce(childOf, document)
  if (typeof target !== 'object' || target === null) throw new Error(`nothing at ${pointer}`)
  if (value === undefined) Reflect.deleteProperty(target, last)
  // Defined, not assigned: `__proto__` becomes a key of its own, as JSON.parse makes it.
  else Object.defineProperty(target, last, { value, enumerable: true, writable: true, configurable: true })
}

function childOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`nothing below ${key}`)
  return Reflect.get(value, key)
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

function rankOf(key: string, seed: number): number {
  let rank = seed
  for (const character of key) rank = (rank * 31 + character.charCodeAt(0)) % 1_000_003
  return (rank * 7_919) % 1_000_003
}
