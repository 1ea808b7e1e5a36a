// A branch as parts that together let through what it does: what fits no single alternative may fit one in each part.

import type { Bound, Branch, Schema } from './shapes.ts'

const MAX_PARTS = 64

/** A way in which a branch can be split. */
interface Split {
  /** The property whose values the parts are; undefined if they are values themselves. */
  readonly tag: string | undefined
  readonly parts: readonly Branch[]
}

/** The ways in which a branch can be split, in view of the branches that its parts may fit. */
export function splits(branch: Branch, kin: readonly Branch[]): (readonly Branch[])[] {
  const isTag = (tag: string): boolean =>
    kin.length > 1 && kin.some(({ object }) => valuesOf(object?.properties.get(tag)) !== undefined)
  return splitsOf(branch)
    .filter(({ tag }) => tag === undefined || isTag(tag))
    .map(({ parts }) => parts)
}

const known = new WeakMap<Branch, readonly Split[]>()

/** The same branches at each time: what is proven of one is remembered. */
function splitsOf(branch: Branch): readonly Split[] {
  const found = known.get(branch) ?? [...integersOf(branch), ...tagsOf(branch)]
  known.set(branch, found)
  return found
}

/** Integers of a range, each by itself. */
function integersOf(branch: Branch): Split[] {
  const [least, most] = ['minimum', 'maximum'].map(
    (name) => branch.limits.get(name)?.value as Bound | undefined,
  )
  if (!branch.limits.has('integer') || !least || !most || most.at - least.at >= MAX_PARTS) return []
  const values = Array.from({ length: most.at - least.at + 1 }, (_, index) => least.at + index)
  return [{ tag: undefined, parts: values.map((value) => ({ ...branch, values: [value] })) }]
}

/** Objects by the values of a property that has to be there. */
function tagsOf(branch: Branch): Split[] {
  const { object } = branch
  if (object === undefined) return []
  return [...object.properties].flatMap(([name, schema]) => {
    const values = object.required.has(name) ? valuesOf(schema) : undefined
    if (values === undefined || values.length < 2 || values.length > MAX_PARTS) return []
    const parts = values.map((value) => {
      const only = schema.reader.schema({ value: { const: value }, pointer: schema.parts[0]?.pointer ?? '' })
      return { ...branch, object: { ...object, properties: new Map([...object.properties, [name, only]]) } }
    })
    return [{ tag: name, parts }]
  })
}

/** The values that a schema lists; undefined if it lets others through as well. */
function valuesOf(schema: Schema | undefined): unknown[] | undefined {
  const branches = schema?.reader.branches(schema)
  if (branches === undefined || branches.length === 0) return undefined
  const lists = branches.map(({ values }) => values)
  return lists.every((values) => values !== undefined) ? [...new Set(lists.flat())] : undefined
}
