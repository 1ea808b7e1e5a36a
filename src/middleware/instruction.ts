import type { Middleware } from '../index.ts'
import { readOptions } from '../shared/option-table.ts'
import type { OptionTable } from '../shared/option-table.ts'
import { FUNCTION } from '../shared/validate.ts'
import { checkText } from './check-text.ts'

/** Options of {@link instruction}. */
export interface InstructionOptions {
  /** Writes the query with the instruction. @default instructedQuery */
  template?: ((query: string, instruction: string) => string) | undefined
  /** Writes a document, for servers that put no words of their own around it. @default the document itself */
  documentTemplate?: ((document: string) => string) | undefined
}

const INSTRUCTION: OptionTable<InstructionOptions> = {
  template: { rule: FUNCTION },
  documentTemplate: { rule: FUNCTION },
}

/**
 * Makes a middleware that tells the model what counts as relevant, as Qwen3-Reranker can be told. An instruction helps on
 * some tasks and hurts on others, and a server may have a template of its own. Measure it on judged queries before it
 * goes into use, as `nebius-rerank eval --instruction` does. Where scores are near random without it, see
 * `nebius-rerank check`.
 *
 * Put it before `cache` in `use`: what the cache keeps is then kept by instruction.
 *
 * @throws TypeError for an instruction that is not a string; a call rejects with one for a template that gives none
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
 * A query with an instruction, in the words of the template that Qwen3-Reranker was trained with; the query alone where
 * the instruction is empty.
 *
 * @example
 * instructedQuery('capital of France', 'Find the answer') // '<Instruct>: Find the answer\n<Query>: capital of France'
 */
export function instructedQuery(query: string, instruction: string): string {
  return instruction === '' ? query : `<Instruct>: ${instruction}\n<Query>: ${query}`
}
