// What schemas say about the items of lists.

import { type Located, itemsOf, member } from '../lib/located.ts'
import type { Contains, ListShape, Schema, SchemaReader } from './shapes.ts'

/** The shape that a schema's own keywords give to a list; undefined if they say nothing about its items. */
export function listShapeOf(schema: Located, reader: SchemaReader): ListShape | undefined {
  const [items, contains] = [member(schema, 'items'), member(schema, 'contains')]
  const prefix = itemsOf(member(schema, 'prefixItems')).map(reader.schema)
  if (prefix.length === 0 && items.value === undefined && contains.value === undefined) return undefined
  return {
    prefix,
    rest: items.value === undefined ? undefined : reader.schema(items),
    contains: contains.value === undefined ? [] : [containsOf(schema, contains, reader)],
  }
}

/** Both shapes at once. */
export function bothLists(a: ListShape, b: ListShape): ListShape {
  const length = Math.max(a.prefix.length, b.prefix.length)
  const both = (one: Schema | undefined, other: Schema | undefined): Schema | undefined =>
    (one ?? other)?.reader.both(one, other)
  return {
    prefix: Array.from({ length }, (_, index) => both(schemaAt(a, index), schemaAt(b, index))),
    rest: both(a.rest, b.rest),
    contains: [...a.contains, ...b.contains],
  }
}

/** The schema of the item at a position; undefined if nothing is said. */
export function schemaAt({ prefix, rest }: ListShape, index: number): Schema | undefined {
  return index < prefix.length ? prefix[index] : rest
}

/** A shape whose further items fit a schema, unless they are spoken of already. */
export function withUnevaluatedItems(shape: ListShape | undefined, schema: Schema): ListShape {
  if (shape === undefined) return { prefix: [], rest: schema, contains: [] }
  return shape.rest === undefined ? { ...shape, rest: schema } : shape
}

function containsOf(schema: Located, contains: Located, reader: SchemaReader): Contains {
  const [least, most] = [member(schema, 'minContains').value, member(schema, 'maxContains').value]
  return {
    schema: reader.schema(contains),
    least: typeof least === 'number' ? least : 1,
    most: typeof most === 'number' ? most : Infinity,
    pointer: contains.pointer,
  }
}
