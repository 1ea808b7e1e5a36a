// Why not every list of one shape is one of another.

import { everything, valueOf, type Concern, type Question } from './gap.ts'
import { schemaAt } from './lists.ts'
import type { Branch, Contains, ListShape, Schema } from './shapes.ts'

const EMPTY: ListShape = { prefix: [], rest: undefined, contains: [] }

/** The reasons, as lazily as they are asked for. */
export function* listConcerns(small: Branch, large: Branch, question: Question): Generator<Concern> {
  const [from, to] = [small.list ?? EMPTY, large.list]
  if (to === undefined) return
  const most = longest(small, question)
  const length = Math.min(most, Math.max(from.prefix.length, to.prefix.length))
  for (let index = 0; index < length; index++) {
    yield* itemConcern(schemaAt(from, index), schemaAt(to, index), `[${index}]`, question)
  }
  if (most > length) yield* itemConcern(from.rest, to.rest, '[]', question)
  for (const contains of to.contains) yield* containsConcern(small, contains, question)
}

/** The number of items that a list of a shape may have. */
export function longest(branch: Branch, { isNothing }: Pick<Question, 'isNothing'>): number {
  const { prefix, rest } = branch.list ?? EMPTY
  const end = prefix.findIndex((schema) => schema !== undefined && isNothing(schema))
  const limit = Number(branch.limits.get('maxItems')?.value ?? Infinity)
  if (end >= 0) return Math.min(end, limit)
  return rest && isNothing(rest) ? Math.min(prefix.length, limit) : limit
}

function* itemConcern(
  small: Schema | undefined,
  large: Schema | undefined,
  step: string,
  { included }: Question,
): Generator<Concern> {
  if (large === undefined) return
  const own = small ?? everything(large)
  if (!included(own, large)) yield { inner: [own, large], step, isTag: false }
}

function* containsConcern(small: Branch, wanted: Contains, question: Question): Generator<Concern> {
  const { included, disjoint } = question
  const { prefix, rest, contains } = small.list ?? EMPTY
  const shortest = Number(small.limits.get('minItems')?.value ?? 0)
  const most = longest(small, question)
  const all = (test: (schema: Schema | undefined) => boolean): boolean =>
    [...prefix.slice(0, most), ...(most > prefix.length ? [rest] : [])].every(test)
  const isEach = all((schema) => schema !== undefined && included(schema, wanted.schema))
  const hasLeast =
    wanted.least === 0 ||
    contains.some(({ schema, least }) => least >= wanted.least && included(schema, wanted.schema)) ||
    (isEach && shortest >= wanted.least)
  const hasMost =
    most <= wanted.most ||
    contains.some((one) => one.most <= wanted.most && included(wanted.schema, one.schema)) ||
    all((schema) => schema !== undefined && disjoint(schema, wanted.schema))
  if (hasLeast && hasMost) return
  const [own] = contains
  yield {
    keyword: 'contains',
    small: own && statedIn(own),
    large: statedIn(wanted),
    smallAt: own?.pointer ?? small.pointer,
    largeAt: wanted.pointer,
  }
}

function statedIn({ schema, least, most }: Contains): unknown {
  const contains = valueOf(schema)
  return least === 1 && most === Infinity
    ? contains
    : { contains, minContains: least, ...(most < Infinity ? { maxContains: most } : {}) }
}

/** True if no list fits both shapes. */
export function areDisjointLists(a: Branch, b: Branch, question: Question): boolean {
  const shortest = Math.max(...[a, b].map(({ limits }) => Number(limits.get('minItems')?.value ?? 0)))
  const [one, other] = [a.list ?? EMPTY, b.list ?? EMPTY]
  const length = Math.min(shortest, Math.max(one.prefix.length, other.prefix.length) + 1)
  for (let index = 0; index < length; index++) {
    const [x, y] = [schemaAt(one, index), schemaAt(other, index)]
    if (x && y && question.disjoint(x, y)) return true
  }
  const isTooLong = (x: Branch, y: Branch): boolean =>
    Number(x.limits.get('minItems')?.value ?? 0) > longest(y, question)
  return isTooLong(a, b) || isTooLong(b, a)
}
