import type { Operation } from '../contract/operation.ts'
import { schemaAt } from '../schema/lists.ts'
import type { DocumentReader } from '../schema/normal-form.ts'
import { schemasOf } from '../schema/objects.ts'
import type { Schema } from '../schema/shapes.ts'
import type { TypeBreak } from './types.ts'

/** The pointer of a place that the compiler names; undefined where a contract has no such thing. */
export function locate(
  operation: Operation,
  reader: DocumentReader,
  { root, keys }: TypeBreak,
): string | undefined {
  if (root === 'request') return follow(reader.schema(operation.body.schema), keys)
  if (root !== 'parameter') {
    const response = operation.responses.get(root.slice('response '.length))
    return response && follow(reader.schema(response.schema), keys)
  }
  const [where, name, ...rest] = keys
  if (where === undefined || name === undefined) return `${operation.post.pointer}/parameters`
  const parameter = operation.parameters.get(`${where}.${name}`)
  return parameter && rest.length > 0
    ? follow(reader.schema(parameter.schema), rest)
    : parameter?.place.pointer
}

function follow(schema: Schema, keys: readonly string[]): string | undefined {
  return keys.reduce<Schema | undefined>((found, key) => found && step(found, key), schema)?.parts[0]?.pointer
}

function step(schema: Schema, key: string): Schema | undefined {
  for (const { object, list } of schema.reader.branches(schema)) {
    const item = /^\d+$/.test(key) ? Number(key) : key === '[]' ? Infinity : undefined
    if (list && item !== undefined) return schemaAt(list, item)
    const found = key === '[*]' ? object?.rest : object && schemasOf(object, key).schemas[0]
    if (found) return found
  }
  return undefined
}
