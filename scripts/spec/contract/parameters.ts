import { isObject, valueAt, type Json, type JsonObject } from '../lib/json.ts'
import {
  inOrder,
  inside,
  refuse,
  sortedOnce,
  type ObjectRule,
  type Place,
  type Rule,
  type Table,
} from './rules.ts'

const MAX_PARAMETERS = 100

// Definitions of them must be ignored (OpenAPI 3.1, 4.8.12): HTTP and the client see to them.
const NOT_DESCRIBED: readonly string[] = ['accept', 'authorization', 'content-type']

/** A parameter by its rule; the name of a header is the same in any case (RFC 9110, 5.1), and is written in one. */
export function inOneCase(parameter: ObjectRule): ObjectRule {
  return (value, place) => {
    const found = parameter(value, place)
    const { in: where, name } = found
    return where === 'header' && typeof name === 'string' ? { ...found, name: name.toLowerCase() } : found
  }
}

/** A list of parameters without those that are not described here. */
export function described(parameters: Rule): Rule {
  return (value, place) => {
    const found = parameters(value, place)
    const isDescribed = (parameter: Json): boolean =>
      valueAt(parameter, 'in') !== 'header' || !NOT_DESCRIBED.includes(String(valueAt(parameter, 'name')))
    return Array.isArray(found) ? (found as Json[]).filter(isDescribed) : found
  }
}

/**
 * A rebuilt path item whose parameters stand among those of its operation, so that nobody who reads a contract can
 * overlook them. A path item's parameter is the operation's as well, unless the operation has one of the same place and
 * name (OpenAPI 3.1, 4.8.9).
 *
 * @param operation - the keys of an operation, in canonical order.
 */
export function withPathParameters(item: JsonObject, operation: Table, place: Place): JsonObject {
  const { parameters: shared, post, ...rest } = item
  if (!isObject(post)) return item
  const [common, own] = [byName(shared, place), byName(post['parameters'], inside(place, 'post'))]
  const parameters = sortedOnce([...new Map([...common, ...own]).values()])
  if (parameters.length > MAX_PARAMETERS)
    refuse(place, `holds more than ${MAX_PARAMETERS} parameters for its operation`)
  return { ...rest, post: parameters.length === 0 ? post : inOrder(operation, { ...post, parameters }) }
}

/** Parameters by place and name. */
function byName(list: Json | undefined, place: Place): Map<string, Json> {
  const parameters = list === undefined ? [] : [list].flat()
  const keyOf = (parameter: Json): string => ['in', 'name'].map((key) => valueAt(parameter, key)).join('.')
  const named = new Map(parameters.map((parameter) => [keyOf(parameter), parameter]))
  if (named.size < parameters.length)
    refuse(inside(place, 'parameters'), 'has two parameters with the same place and name')
  return named
}
