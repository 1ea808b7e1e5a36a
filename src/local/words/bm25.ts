/** A document by its numbers. */
export interface Counts {
  /** The number of its words. */
  words: number
  /** The frequency of each term that it has, by the term's place in the query; `undefined` if it has none. */
  frequencies: Map<number, number> | undefined
}

/** The usual constants: how fast a repeated term counts less, and how much a document's length does. */
const K1 = 1.2
const B = 0.75

/** Okapi BM25 scores of documents for a query (Robertson and Zaragoza, 2009). */
export function bm25(documents: readonly Counts[], terms: number): Float64Array {
  const having = new Uint32Array(terms)
  let words = 0
  for (const document of documents) {
    words += document.words
    for (const term of document.frequencies?.keys() ?? []) having[term] = (having[term] ?? 0) + 1
  }
  const weights = Float64Array.from(having, (n) => Math.log(1 + (documents.length - n + 0.5) / (n + 0.5)))
  const average = words / documents.length

  return Float64Array.from(documents, (document) => {
    const length = K1 * (1 - B + (B * document.words) / average)
    let score = 0
    for (const [term, frequency] of document.frequencies ?? []) {
      score += ((weights[term] ?? 0) * frequency * (K1 + 1)) / (frequency + length)
    }
    return score
  })
}
