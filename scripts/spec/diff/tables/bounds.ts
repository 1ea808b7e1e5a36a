// The least and the greatest number that a schema lets through, however they are written.

import { show } from '../changes.ts'
import { typeOf, type Branch } from '../meaning/kinds.ts'
import type { Located } from '../meaning/located.ts'
import type { Shift } from './shifts.ts'

/** The keywords of a bound by the one that it is judged as, and which way it lets more through. */
const BOUNDS = {
  minimum: { keywords: ['minimum', 'exclusiveMinimum'], sign: -1 },
  maximum: { keywords: ['maximum', 'exclusiveMaximum'], sign: 1 },
} as const

/** A bound, named by the keyword that comes first. */
export type BoundName = keyof typeof BOUNDS

/** A bound of a branch; of two that are written the tighter. */
export interface Bound {
  readonly keyword: string
  readonly located: Located
  /** How far it lets through: the value, negated where less is more. */
  readonly reach: number
  /** Whether the value itself is refused. */
  readonly open: boolean
}

/** The bound that a keyword belongs to. */
export function boundNamed(keyword: string): BoundName | undefined {
  return BOUND_NAMES.find((name) => BOUNDS[name].keywords.some((other) => other === keyword))
}

/** All bounds. */
export const BOUND_NAMES = ['minimum', 'maximum'] as const

/** A bound of a branch; undefined where there is none. */
export function boundOf(branch: Branch, name: BoundName): Bound | undefined {
  const { keywords, sign } = BOUNDS[name]
  const written = keywords.flatMap((keyword): Bound[] => {
    const located = branch.keywords.get(keyword)
    if (located === undefined) return []
    const bound = { keyword, located, reach: Number(located.value) * sign, open: keyword !== name }
    return [typeOf(branch) === 'integer' ? onInteger(bound) : bound]
  })
  return written.sort((a, b) => further(a, b)).at(0)
}

/** A bound's keyword and value: the tighter of two, and on integers one that is let through. */
export function writtenBound({ reach, open }: Bound, name: BoundName): readonly [string, number] {
  const { keywords, sign } = BOUNDS[name]
  return [keywords[open ? 1 : 0], reach * sign]
}

/** How a bound moved, between two that are there. */
export function boundShift(before: Bound, after: Bound): Shift {
  const more = further(after, before)
  const [was, is] = [before, after].map(({ keyword, located }) => `${keyword} ${show(located.value)}`)
  return { tighter: more < 0, looser: more > 0, text: `${was} became ${is}` }
}

/** Integers end at integers: below 11 is 10 at most. */
function onInteger(bound: Bound): Bound {
  const reach = bound.open ? Math.ceil(bound.reach) - 1 : Math.floor(bound.reach)
  return { ...bound, reach, open: false }
}

function further(a: Bound, b: Bound): number {
  return a.reach - b.reach || Number(b.open) - Number(a.open)
}
