import { rank, worst, type Change, type DriftClass } from '../../drift.ts'
import { printableLine } from '../../lib/failure.ts'
import { showAll } from '../changes.ts'
import { isNull, typeOf, type Branch } from '../meaning/kinds.ts'
import { breaks, structural, type Comparison } from './comparison.ts'
import { compareKeywords } from './keywords.ts'
import { ALWAYS, type Move } from './verdicts.ts'

/**
 * The changes from a choice to another. Branches are paired by how little they differ; what stays alone came or
 * went, unless it says what another branch says as well.
 */
export function compareAlternatives(
  comparison: Comparison,
  before: readonly Branch[],
  after: readonly Branch[],
  pointer: string,
  where: string,
): Change[] {
  const [first, second] = [before[0], after[0]]
  if (before.length === 1 && after.length === 1 && first && second) {
    return compareKeywords(comparison, first, second, where)
  }
  const tries = before.flatMap((old) =>
    after.map((now) => ({ old, now, changes: tried(comparison, old, now, where) })),
  )
  const pairs = paired(tries)
  const alone = (branch: Branch): boolean => !pairs.some(({ old, now }) => old === branch || now === branch)
  const isCovered = (branch: Branch): boolean =>
    tries.some(({ old, now, changes }) => (old === branch || now === branch) && !breaks(changes))
  const lone = (branch: Branch, move: Move): Change => {
    const change = structural(
      comparison,
      'alternative',
      move,
      branch.pointer || pointer,
      where,
      alternative(branch, move),
    )
    return isCovered(branch) ? { ...change, class: ALWAYS['covered alternative'] } : change
  }
  const soften = ({ old, now, changes }: Try): readonly Change[] =>
    breaks(changes) && isCovered(comparison.direction === 'request' ? old : now)
      ? changes.map((change) => ({ ...change, class: mildest(change.class, ALWAYS['covered alternative']) }))
      : changes
  return [
    ...pairs.flatMap(soften),
    ...before.filter(alone).map((branch) => lone(branch, 'removed')),
    ...after.filter(alone).map((branch) => lone(branch, 'added')),
  ]
}

function mildest(a: DriftClass, b: DriftClass): DriftClass {
  return rank(a) < rank(b) ? a : b
}

interface Try {
  readonly old: Branch
  readonly now: Branch
  readonly changes: readonly Change[]
}

function tried(comparison: Comparison, old: Branch, now: Branch, where: string): Change[] {
  return compareKeywords({ ...comparison, seen: new Map(comparison.seen) }, old, now, where)
}

/** The pairs that differ least; of those that break something, only branches of the same type. */
function paired(tries: readonly Try[]): Try[] {
  const cost = ({ changes }: Try): number =>
    rank(worst(changes.map((change) => change.class))) * 1e6 + changes.length
  const pairs: Try[] = []
  for (const attempt of [...tries].sort((a, b) => cost(a) - cost(b))) {
    const taken = pairs.some(({ old, now }) => old === attempt.old || now === attempt.now)
    const kin = typeOf(attempt.old) !== undefined && typeOf(attempt.old) === typeOf(attempt.now)
    if (!taken && (kin || !breaks(attempt.changes))) pairs.push(attempt)
  }
  return pairs
}

function alternative(branch: Branch, move: Move): string {
  if (isNull(branch)) return move === 'added' ? 'may be null' : 'can be null no longer'
  const kind = kindOf(branch)
  return move === 'added' ? `may be ${kind} as well` : `can be ${kind} no longer`
}

/** What tells a branch from others of its type: its values, its name, its format. */
function kindOf(branch: Branch): string {
  const { keywords, pointer } = branch
  const values = keywords.get('enum')?.value
  if (Array.isArray(values)) return showAll(values)
  const type = typeOf(branch) ?? 'anything'
  const name = /^#\/components\/schemas\/([^/]+)$/.exec(pointer)?.[1]
  const detail = name ?? keywords.get('format')?.value
  return typeof detail === 'string' ? `${type} (${printableLine(detail)})` : type
}
