/** An estimate of what a request costs, the query counted once for each document. */
export function estimateUsage(
  query: string,
  documents: readonly string[],
): { prompt_tokens: number; total_tokens: number } {
  const ofQuery = countTokens(query)
  const tokens = documents.reduce((sum, text) => sum + countTokens(text), documents.length * ofQuery)
  return { prompt_tokens: tokens, total_tokens: tokens }
}

/** About what a tokenizer makes of most languages. */
function countTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 4)
}
