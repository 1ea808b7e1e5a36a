/** In another order, so that none has always to clear away what the same one left. */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  return ascending(values)[Math.floor(values.length / 2)] ?? NaN
}

/** Half of the interval that holds the median of all such values with a confidence of 95%, by the ranks of these. */
export function uncertainty(values: readonly number[]): number {
  const lowest = Math.max(0, Math.floor(values.length / 2 - 0.98 * Math.sqrt(values.length)) - 1)
  const sorted = ascending(values)
  return ((sorted.at(-1 - lowest) ?? NaN) - (sorted[lowest] ?? NaN)) / 2
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}
