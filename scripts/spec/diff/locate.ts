import type { Operation } from '../contract/operation.ts'
import { schemaAt } from '../schema/lists.ts'
import type { DocumentReader } from '../schema/normal-form.ts'
import { schemasOf } from '../schema/objects.ts'
import type { Schema } from '../schema/shapes.ts'
import type { TypeBreak } from './types.ts'

/** The place of a type in a contract. */
export interface Place {
  readonly pointer: string
  /** The keys that lead there; of what holds itself those that lead to it first. */
  readonly keys: readonly string[]
}

/** The place that the compiler names; undefined if a contract has no such thing. */
export function locate(
  operation: Operation,
  reader: DocumentReader,
  { root, keys }: TypeBreak,
): Place | undefined {
  if (root === 'request') return follow(reader.schema(operation.body.schema), keys)
  if (root !== 'parameter') {
    const response = operation.responses.get(root.slice('response '.length))
    return response && follow(reader.schema(response.schema), keys)
  }
  const [where, name, ...rest] = keys
  if (where === undefined || name === undefined)
    return { pointer: `${operation.post.pointer}/parameters`, keys }
  const parameter = operation.parameters.get(`${where}.${name}`)
  if (parameter === undefined || rest.length === 0)
    return parameter && { pointer: parameter.place.pointer, keys }
  const found = follow(reader.schema(parameter.schema), rest)
  return found && { ...found, keys: [where, name, ...found.keys] }
}

function follow(schema: Schema, keys: readonly string[]): Place | undefined {
  let open: readonly Schema[] = [schema]
  const seen = [idOf(open)]
  for (const [index, key] of keys.entries()) {
    open = [...new Set(open.flatMap((one) => stepsFrom(one, key)))]
    if (open.length === 0) return undefined
    const first = seen.indexOf(idOf(open))
    if (first >= 0) return { pointer: pointerOf(open), keys: keys.slice(0, first) }
    seen[index + 1] = idOf(open)
  }
  return { pointer: pointerOf(open), keys }
}

function idOf(schemas: readonly Schema[]): string {
  return schemas
    .map(({ id }) => id)
    .sort()
    .join()
}

function pointerOf([schema]: readonly Schema[]): string {
  return schema?.parts[0]?.pointer ?? '#'
}

function stepsFrom(schema: Schema, key: string): Schema[] {
  const item = /^\d+$/.test(key) ? Number(key) : key === '[]' ? Infinity : undefined
  return schema.reader.branches(schema).flatMap(({ object, list }) => {
    if (list && item !== undefined) return schemaAt(list, item) ?? []
    if (key === '[*]') return object?.rest ?? []
    return object ? schemasOf(object, key).schemas.slice(0, 1) : []
  })
}
