import MiniSearch from 'minisearch'
import type { RerankResult } from '../index.ts'
import { tokenize } from './tokenize.ts'

/**
 * Ranks every document by BM25, best first, equal scores in the documents' order. Scores are in the open
 * interval (0, 1): 0.5 means a quarter of what the query itself would score as a document. They depend on the whole
 * list of documents, so those of separate calls do not compare.
 */
export function rankDocuments(query: string, documents: readonly string[]): RerankResult[] {
  const terms = [...new Set(tokenize(query))].slice(0, MOST_TERMS)
  const hits = search(terms, documents)
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

/** BM25 scores by the document's place; the query's own comes last. */
function search(terms: readonly string[], documents: readonly string[]): Map<number, number> {
  const engine = new MiniSearch({
    fields: ['words'],
    tokenize: (words) => words.split(' '),
    // Words outside the query count towards a document's length and need no place in the index.
    processTerm: termFinder(terms),
  })
  const texts = [...documents.map(tokenize), terms]
  engine.addAll(texts.map((words, id) => ({ id, words: words.join(' ') })))
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
