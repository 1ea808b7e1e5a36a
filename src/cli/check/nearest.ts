const MOST = 3

/** The ids that are most like one, the nearest first; where none is, those that look like rerankers. */
export function nearest(id: string, ids: readonly string[]): string[] {
  const wanted = id.toLowerCase()
  return ids
    .slice(0, 1000)
    .map((each) => ({ id: each, distance: distance(wanted, each.toLowerCase()) }))
    .filter(({ id, distance }) => distance <= wanted.length / 2 || /rerank/i.test(id))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map((each) => each.id)
}

/** Levenshtein's: how many letters are to be put in, taken out or changed. */
function distance(a: string, b: string): number {
  const [from, to] = [a.slice(0, 100), b.slice(0, 100)]
  let row = Array.from({ length: to.length + 1 }, (_, place) => place)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
