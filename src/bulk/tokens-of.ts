import { estimateTokens } from '../index.ts'

/**
 * The estimated tokens of a request: the model reads the query again for each document.
 *
 * @example
 * tokensOf('capital of France', ['Paris', 'Lyon']) // 13
 */
export function tokensOf(query: string, documents: readonly string[]): number {
  return documents.reduce((sum, text) => sum + estimateTokens(text), estimateTokens(query) * documents.length)
}
