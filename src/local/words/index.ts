import type { RerankResult } from '../../index.ts'
import { bm25, type Counts } from './bm25.ts'
import { createTermFinder } from './term-finder.ts'
import { tokenize } from './tokenize.ts'

export { estimateUsage } from './usage.ts'

/**
 * Ranks every document by BM25, best first, equal scores in the documents' order. Scores are in the open
 * interval (0, 1): 0.5 means a quarter of what the query itself would score as a document. They depend on the whole
 * list of documents, so those of separate calls do not compare.
 *
 * Reads in batches, and lets other work go on in between; an abort then ends it. Time and memory are linear.
 * @throws the signal's reason when it is aborted.
 */
export async function rankDocuments(
  query: string,
  documents: readonly string[],
  signal?: AbortSignal,
): Promise<RerankResult[]> {
  const terms = termsOf(query)
  const counts = await countTerms(terms, documents, signal)
  // The query, as one more document, is the yardstick: it has every term, the unmatched ones too.
  const frequencies = new Map(terms.map((_, place) => [place, 1]))
  const scores = bm25([...counts, { words: terms.length, frequencies }], terms.length)
  const ideal = terms.length === 0 ? 1 : (scores.at(-1) ?? 1)
  return documents
    .map((text, index) => ({
      index,
      document: { text },
      relevance_score: toScore((scores[index] ?? 0) / ideal),
    }))
    .sort((a, b) => b.relevance_score - a.relevance_score)
}

/** Distinct words of a query that count: far more than a question has, and a bound for the work. */
const MOST_TERMS = 1_000

function termsOf(query: string): string[] {
  const terms = new Set<string>()
  for (const { words } of tokenize(query)) {
    for (const word of words) terms.add(word)
    if (terms.size >= MOST_TERMS) break
  }
  return [...terms].slice(0, MOST_TERMS)
}

async function countTerms(
  terms: readonly string[],
  documents: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Counts[]> {
  const find = createTermFinder(terms)
  const pause = createPauses(signal)
  const counts: Counts[] = []
  for (const text of documents) {
    const document: Counts = { words: 0, frequencies: undefined }
    counts.push(document)
    if (pause.isDueAfter(DOCUMENT_COST)) await pause.otherWork()
    for (const { words, length } of tokenize(text)) {
      document.words += words.length
      for (const word of words) {
        const term = find(word)
        if (term === undefined) continue
        document.frequencies ??= new Map()
        document.frequencies.set(term, (document.frequencies.get(term) ?? 0) + 1)
      }
      if (pause.isDueAfter(length)) await pause.otherWork()
    }
  }
  return counts
}

/** Characters that are read in one go: in some hundredths of a second, or a tenth where words have to be looked up. */
const BATCH = 50_000

/** The cost of a document, in characters, however short it is. */
const DOCUMENT_COST = 50

/** Pauses between batches; a check costs no promise. */
function createPauses(signal: AbortSignal | undefined): {
  isDueAfter: (characters: number) => boolean
  otherWork: () => Promise<void>
} {
  let batch = 0
  return {
    isDueAfter: (characters) => (batch += characters) >= BATCH,
    otherWork: async () => {
      batch = 0
      await new Promise((resolve) => setTimeout(resolve))
      signal?.throwIfAborted()
    },
  }
}

/** Maps 0, ¼ and 1 to 0.05, 0.5 and 0.95: monotone, and never quite 0 or 1. */
function toScore(share: number): number {
  return 1 / (1 + Math.exp(3 - 6 * Math.sqrt(share)))
}
