/** A query that says what counts as relevant, in the words of the template that Qwen3-Reranker was trained with. */
export function withInstruction(query: string, instruction: string | undefined): string {
  return instruction === undefined || instruction === ''
    ? query
    : `<Instruct>: ${instruction}\n<Query>: ${query}`
}
