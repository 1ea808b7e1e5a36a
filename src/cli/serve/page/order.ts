import type { Result } from './api.ts'

/** A document in its place. */
export interface Placed {
  index: number
  score: number
  /** From 1; equal scores share a place. */
  place: number
  /** Documents with the same score, this one aside. */
  ties: number
  passage: Result['passage']
}

/** Numbers the results, best first. */
export function placed(results: readonly Result[]): Placed[] {
  const counts = new Map<number, number>()
  const firsts = new Map<number, number>()
  for (const [at, { relevance_score: score }] of results.entries()) {
    counts.set(score, (counts.get(score) ?? 0) + 1)
    if (!firsts.has(score)) firsts.set(score, at + 1)
  }
  return results.map(({ index, relevance_score: score, passage }) => ({
    index,
    score,
    place: firsts.get(score) ?? 0,
    ties: (counts.get(score) ?? 1) - 1,
    passage,
  }))
}

/** Places that a document rose from a place before to the one that is shown; fewer than none if it fell. */
export function roseFrom(before: number, { place }: Placed): number {
  return before - place
}

/** Spearman's correlation of two rankings of the same documents: 1 for the same order, −1 for the reverse. */
export function correlation(a: readonly Placed[], b: readonly Placed[]): number {
  if (a.length < 2) return 1
  const rankOf = (list: readonly Placed[]): Map<number, number> =>
    // Documents that share a place have the middle of their places.
    new Map(list.map(({ index, place, ties }) => [index, place + ties / 2]))
  const [x, y] = [rankOf(a), rankOf(b)]
  const mean = (a.length + 1) / 2
  let [xy, xx, yy] = [0, 0, 0]
  for (const { index } of a) {
    const dx = (x.get(index) ?? mean) - mean
    const dy = (y.get(index) ?? mean) - mean
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  }
  return xx === 0 || yy === 0 ? Number(xx === yy) : xy / Math.sqrt(xx * yy)
}
