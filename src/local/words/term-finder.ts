/**
 * Returns the place of the query's term that a word is a form of: the word itself, or one that is longer or shorter by an
 * ending (`refund`, `refunds`, `refunding`).
 */
export function createTermFinder(terms: readonly string[]): (word: string) => number | undefined {
  const exact = new Map(terms.map((term, place) => [term, place]))
  const shortened = new Map(
    terms.flatMap((term, place) => withoutEnding(term).map((stem) => [stem, place] as const)),
  )
  return (word) => exact.get(word) ?? shortened.get(word) ?? firstOf(exact, withoutEnding(word))
}

function firstOf(places: ReadonlyMap<string, number>, words: readonly string[]): number | undefined {
  const found = words.find((word) => places.has(word))
  return found === undefined ? undefined : places.get(found)
}

/** A word less its last 1, 2 and 3 letters, as long as 4 are left. Numbers have no endings. */
function withoutEnding(word: string): string[] {
  if (/\p{N}/u.test(word)) return []
  return [1, 2, 3].filter((ending) => word.length - ending >= 4).map((ending) => word.slice(0, -ending))
}
