import { estimateTokens } from '../index.ts'

/**
 * Estimates the number of tokens of a request. The query counts once for each document.
 *
 * @example
 * estimateRequestTokens('capital of France', ['Paris', 'Lyon']) // 13
 */
export function estimateRequestTokens(query: string, documents: readonly string[]): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
