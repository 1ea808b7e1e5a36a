// The changes from one schema to another, for values that travel one way.

import type { Change } from '../drift.ts'
import type { Located } from '../lib/located.ts'
import { Annotations } from './annotations.ts'
import { changesOf, keyOf } from './changes.ts'
import type { Gap } from '../schema/gap.ts'
import { RULES } from '../schema/keywords.ts'
import { DocumentReader } from '../schema/normal-form.ts'
import type { Direction } from '../schema/own-keywords.ts'
import { Inclusion } from '../schema/subset.ts'

/** Compares the schemas of two documents. */
export interface SchemaComparison {
  /**
   * The changes from one schema to another; a change in several places is reported once.
   *
   * @param isOptional - true where callers may leave the value out.
   */
  readonly compare: (old: Located, now: Located, path: string, isOptional?: boolean) => Change[]
  /** The reader of the old document, and of the new one. */
  readonly readers: readonly [DocumentReader, DocumentReader]
}

/** A comparison of the schemas of two documents for a direction. */
export function schemaComparison(before: unknown, after: unknown, direction: Direction): SchemaComparison {
  const [from, to] = [new DocumentReader(before, direction), new DocumentReader(after, direction)]
  const exact = new Inclusion({ isClosed: false, isHeeded: () => true })
  const closed = new Inclusion({ isClosed: true, isHeeded: () => true }, exact)
  const relied = new Inclusion({ isClosed: false, isHeeded: isRelied }, exact)
  const seen = [new Set<string>(), new Set<string>(), new Set<string>()] as const

  const wire = (old: Located, now: Located, path: string): Change[] => {
    const [small, large] = [from.schema(old), to.schema(now)]
    const narrowed = closed.gaps(small, large, path, seen[0])
    const widened = closed.gaps(large, small, path, seen[1])
    if (direction === 'request')
      return changesOf(direction, { narrowed, widened, breaks: new Set(narrowed.map(keyOf)) })
    const removed = narrowed.filter(isRemoved)
    // What is gone may be anything, which goes without saying.
    const isGone = (gap: Gap): boolean =>
      gap.keyword !== 'field' && removed.some((one) => one.path === gap.path)
    const lost = relied.gaps(large, small, path, seen[2]).filter((gap) => !isGone(gap))
    const breaks = new Set([...lost, ...removed].map(keyOf))
    return changesOf(direction, { narrowed, widened: [...lost, ...widened], breaks })
  }
  const annotations = new Annotations(before, after, direction, [from, to], wire)
  const compare: SchemaComparison['compare'] = (old, now, path, isOptional = false) => {
    const found = wire(old, now, path)
    return [...found, ...annotations.compare(old, now, path, isOptional, found)]
  }
  return { compare, readers: [from, to] }
}

/** True if callers rely on a keyword in responses: none does on how much there is not. */
function isRelied(keyword: string): boolean {
  return keyword === 'additionalProperties' ? false : (RULES[keyword]?.relied ?? true)
}

/** True for a name that callers can no longer read. */
function isRemoved({ keyword, large }: Gap): boolean {
  return keyword === 'field' && large === undefined
}
