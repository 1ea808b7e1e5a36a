import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ScoreStore, StoredScores } from '../../eval/index.ts'
import { property } from '../../shared/property.ts'
import { jsonOutcomes } from '../bulk/json-outcomes.ts'
import { closeOutputFile, openOutputFile } from '../bulk/output-file.ts'
import { outputToFile } from '../bulk/output.ts'
import type { Output } from '../bulk/output.ts'
import { linesOf } from '../files/index.ts'
import { tell, UsageError } from '../terminal.ts'
import type { Shell } from '../terminal.ts'

/** Scores in a file, with a line for each request. They are saved as they arrive. */
export interface ScoresFile extends ScoreStore {
  close: () => Promise<void>
}

/**
 * Opens the file, which no other process can open at the same time. A file to resume may end in the middle of a line, if a
 * run was killed. A request is identified by a digest of its model and texts, so that it never gets the scores of another
 * model or other texts.
 *
 * @throws UsageError for a file that is not empty and is not resumed
 */
export async function openScores(path: string, resume: boolean, shell: Shell): Promise<ScoresFile> {
  if (path === '-') throw new UsageError('--scores needs a file, not `-`')
  const file = await openOutputFile(path, { onWait: (message) => void tell(shell, [message]) })
  let output: Output
  let known: Map<string, StoredScores>
  try {
    output = await outputToFile(file, jsonOutcomes, { resume, retryFailed: false })
    known = await readScores(file.path)
  } catch (error) {
    await closeOutputFile(file, false)
    throw error
  }
  return {
    get: (key) => known.get(digestOf(key)),
    async set(key, { results, tokens }) {
      await output.write({
        id: digestOf(key),
        results: results.map(({ index, score }) => ({ index, relevance_score: score })),
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      })
    },
    close: () => closeOutputFile(file, false),
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

async function readScores(path: string): Promise<Map<string, StoredScores>> {
  const known = new Map<string, StoredScores>()
  for await (const { bytes } of linesOf(createReadStream(path) as AsyncIterable<Buffer>)) {
    const line = JSON.parse(bytes.toString()) as { id: unknown; results: unknown; usage: unknown }
    const { id, results, usage } = line
    if (typeof id !== 'string' || !Array.isArray(results)) continue
    const read = results.map((result: unknown) => ({
      index: property(result, 'index'),
      score: property(result, 'relevance_score'),
    }))
    const isWhole = (each: (typeof read)[number]): each is StoredScores['results'][number] =>
      Number.isSafeInteger(each.index) && Number.isFinite(each.score)
    const tokens = property(usage, 'total_tokens')
    if (read.every(isWhole)) known.set(id, { results: read, tokens: typeof tokens === 'number' ? tokens : 0 })
  }
  return known
}
