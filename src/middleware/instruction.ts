import type { Middleware } from '../index.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { FUNCTION } from '../shared/validate.ts'
import { checkText } from './check-text.ts'

/** Options of {@link instruction}. */
export interface InstructionOptions {
  /** Returns the query with the instruction. @default instructedQuery */
  template?: ((query: string, instruction: string) => string) | undefined
  /** Returns a document with the words around it that the model expects, if the server adds none. @default the document */
  documentTemplate?: ((document: string) => string) | undefined
}

const INSTRUCTION: OptionTable<InstructionOptions> = {
  template: { rule: FUNCTION },
  documentTemplate: { rule: FUNCTION },
}

/**
 * Makes a middleware that adds an instruction to each query. The instruction describes to Qwen3-Reranker what counts as
 * relevant. An instruction improves some rankings and worsens others, and a server may add its own. Measure the effect on
 * judged queries with `nebius-rerank eval --instruction`. If scores look random without an instruction, run
 * `nebius-rerank check`.
 *
 * Put it before `cache` in `use`, so that the cache has separate scores for each instruction.
 *
 * @throws TypeError for an instruction that is not a string. A call rejects with a TypeError if a template returns
 * something other than a string.
 * @example
 * const use = [instruction('Given a question about the law, find the paragraphs that answer it')]
 * const client = createRerankClient({ use })
 */
export function instruction(text: string, options: InstructionOptions = {}): Middleware {
  checkText('instruction', text)
  const { template = instructedQuery, documentTemplate } = readOptions(
    options,
    INSTRUCTION,
  ) as InstructionOptions
  return async (request, next) => {
    const { query, documents } = request
    const changed = { ...request, query: checkText('the result of template', template(query, text)) }
    if (!documentTemplate) return next(changed)
    const written = documents.map((each) =>
      checkText('the result of documentTemplate', documentTemplate(each)),
    )
    const response = await next({ ...changed, documents: written })
    const results = response.body.results.map((result) => ({
      ...result,
      document: { ...result.document, text: documents[result.index] ?? '' },
    }))
    return { ...response, body: { ...response.body, results } }
  }
}

/**
 * Adds an instruction to a query, with the template that Qwen3-Reranker was trained with. If the instruction is empty,
 * returns the query unchanged.
 *
 * @example
 * instructedQuery('capital of France', 'Find the answer') // '<Instruct>: Find the answer\n<Query>: capital of France'
 */
export function instructedQuery(query: string, instruction: string): string {
  return instruction === '' ? query : `<Instruct>: ${instruction}\n<Query>: ${query}`
}
