import type { ErrorObject } from 'ajv/dist/2020.js'
import { wordsFor } from './wording.ts'

/** One entry of a 422's `detail`, in FastAPI's shape. */
export interface Fault {
  type: string
  loc: (string | number)[]
  msg: string
  input: unknown
  ctx?: Readonly<Record<string, unknown>>
}

/** The part of a request that an issue is in. */
export type Place = 'body' | 'query'

/** Says what ajv found in a value as pydantic would, at most {@link MOST_FAULTS} times. */
export function describeFaults(errors: readonly ErrorObject[], value: unknown, place: Place): Fault[] {
  if (value === null) return [{ type: 'missing', loc: [place], msg: 'Field required', input: null }]
  const listed = new Set(
    errors.filter(({ keyword }) => keyword === 'enum').map(({ instancePath }) => instancePath),
  )
  return errors
    .filter((error) => !isNoise(error, listed))
    .slice(0, MOST_FAULTS)
    .map((error) => describeFault(error, value, place))
}

/** A value as it is echoed: whole when small, else its beginning and an ellipsis. */
export function excerpt(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value
  if (typeof value !== 'object' || value === null) return value
  if (depth === MOST_DEPTH) return '…'
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => excerpt(item, depth + 1))
    return value.length > MOST_ITEMS ? [...items, '…'] : items
  }
  const entries = Object.entries(value)
  const kept = entries.slice(0, MOST_ITEMS).map(([key, item]) => [excerpt(key), excerpt(item, depth + 1)])
  return Object.fromEntries(entries.length > MOST_ITEMS ? [...kept, ['…', '…']] : kept) as unknown
}

const MOST_FAULTS = 1_000
const MOST_TEXT = 200
const MOST_ITEMS = 8
const MOST_DEPTH = 2

/**
 * True for an error that adds nothing. For a union, ajv reports an error of each branch and one of the union itself. Of
 * `string | null`, only the error of the string is useful. If a value is not one of those listed, its type does not matter.
 */
function isNoise({ keyword, instancePath, schemaPath, params }: ErrorObject, listed: Set<string>): boolean {
  if (keyword === 'anyOf' || keyword === 'oneOf') return true
  if (keyword !== 'type') return false
  return (
    listed.has(instancePath) ||
    (params['type'] === 'null' && /\/(?:anyOf|oneOf)\/\d+\/type$/.test(schemaPath))
  )
}

function describeFault(error: ErrorObject, value: unknown, place: Place): Fault {
  const [type, msg, ctx] = wordsFor(error)
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>
  const key = missingProperty ?? additionalProperty
  return {
    type,
    loc: [place, ...location(error.instancePath, value), ...(key === undefined ? [] : [key])],
    msg,
    input: excerpt(error.data),
    ...(ctx && { ctx }),
  }
}

/** A JSON pointer as pydantic writes it: numbers in lists, names in objects. */
function location(pointer: string, value: unknown): (string | number)[] {
  let at = value
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const key = Array.isArray(at) ? Number(name) : name
      at = (at as Record<string | number, unknown>)[key]
      return key
    })
}
