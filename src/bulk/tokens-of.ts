import { estimateTokens } from '../index.ts'

/**
 * Estimates the number of tokens of a request. The query counts once for each document.
 *
 * @example
 * tokensOf('capital of France', ['Paris', 'Lyon']) // 13
 */
export function tokensOf(query: string, documents: readonly string[]): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
