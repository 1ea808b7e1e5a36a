import MiniSearch from 'minisearch'
import type { RerankResult } from '../index.ts'
import { tokenize } from './tokenize.ts'

/**
 * Ranks every document by BM25, best first, equal scores in the documents' order. Scores are in the open
 * interval (0, 1): 0.5 means a quarter of what the query itself would score as a document. They depend on the whole
 * list of documents, so those of separate calls do not compare.
 *
 * Reads the documents in batches, and lets other work go on in between; an abort then ends it. A document is never
 * split, so the largest one sets how long nothing else is done.
 * @throws the signal's reason when it is aborted.
 */
export async function rankDocuments(
  query: string,
  documents: readonly string[],
  signal?: AbortSignal,
): Promise<RerankResult[]> {
  const terms = [...new Set(tokenize(query))].slice(0, MOST_TERMS)
  const hits = await search(terms, documents, signal)
  // The query, indexed as one more document, is the yardstick: it has every term, the unmatched ones too.
  const ideal = hits.get(documents.length) ?? 1
  return documents
    .map((text, index) => ({
      index,
      document: { text },
      relevance_score: toScore((hits.get(index) ?? 0) / ideal),
    }))
    .sort((a, b) => b.relevance_score - a.relevance_score)
}

/** Distinct words of a query that count: far more than a question has, and a bound for the work. */
const MOST_TERMS = 1_000

/** Characters that are read in one go: in some hundredths of a second, or a tenth where words have to be looked up. */
const BATCH = 50_000

/** What a document takes, in characters, however short it is. */
const DOCUMENT_COST = 50

function otherWork(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** BM25 scores by the document's place; the query's own comes last. */
async function search(
  terms: readonly string[],
  documents: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<number, number>> {
  const engine = new MiniSearch({
    fields: ['words'],
    tokenize: (words) => words.split(' '),
    // Words outside the query count towards a document's length and need no place in the index.
    processTerm: termFinder(terms),
  })
  const add = (id: number, words: readonly string[]): void => engine.add({ id, words: words.join(' ') })
  let batch = 0
  for (const [id, text] of documents.entries()) {
    add(id, tokenize(text))
    batch += text.length + DOCUMENT_COST
    if (batch < BATCH) continue
    batch = 0
    await otherWork()
    signal?.throwIfAborted()
  }
  add(documents.length, terms)
  return new Map(engine.search(terms.join(' ')).map(({ id, score }) => [Number(id), score]))
}

/**
 * Gives the query's term that a word is a form of: the word itself, or one that is longer or shorter by an ending
 * (`refund`, `refunds`, `refunding`).
 */
function termFinder(terms: readonly string[]): (word: string) => string | undefined {
  const exact = new Set(terms)
  const shortened = new Map(terms.flatMap((term) => withoutEnding(term).map((stem) => [stem, term])))
  return (word) =>
    exact.has(word) ? word : (shortened.get(word) ?? withoutEnding(word).find((stem) => exact.has(stem)))
}

/** A word less its last 1, 2 and 3 letters, as long as 4 are left. Numbers have no endings. */
function withoutEnding(word: string): string[] {
  if (/\p{N}/u.test(word)) return []
  return [1, 2, 3].filter((ending) => word.length - ending >= 4).map((ending) => word.slice(0, -ending))
}

/** Maps 0, ¼ and 1 to 0.05, 0.5 and 0.95: monotone, and never quite 0 or 1. */
function toScore(share: number): number {
  return 1 / (1 + Math.exp(3 - 6 * Math.sqrt(share)))
}
